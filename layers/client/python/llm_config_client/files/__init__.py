"""A directory of configs, as people keep them in git.

    DIR/<namespace>/<key>.<environment>.yaml      one entry; also .yml, .json and .toml
    DIR/<namespace>/<environment>.env             dotenv: each name is an entry
    DIR/<namespace>/_metadata.yaml                classification and tags of the entries beside it

The namespace is the directory's path and may have several segments. The environment is the last part of the name
before the extension, so a key may hold dots; `dev`, `stage` and `prod` are read as their long names. A file holds the
value and nothing else, as one document.
"""
