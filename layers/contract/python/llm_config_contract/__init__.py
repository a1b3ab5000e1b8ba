"""The wire: what requests and answers look like, for the service and for every client."""
