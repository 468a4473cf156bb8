"""The audit log: sealed in a Merkle tree, vouched for by signed checkpoints, checked, proved, exported and read."""
