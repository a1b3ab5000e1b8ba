"""The store on AWS: five DynamoDB tables. `docs/access-patterns.md` lists every key and every call; nothing scans."""
