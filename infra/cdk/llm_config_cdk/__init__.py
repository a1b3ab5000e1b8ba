"""The AWS home as code: what is deployed, and with which permissions."""
