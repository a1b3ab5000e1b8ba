"""The adapters of the embedded home. They obey the rules of all adapters: ports and domain only."""
