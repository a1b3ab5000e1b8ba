"""The rules of the product without any IO: shared by the service and its clients."""
