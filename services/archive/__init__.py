"""The archive: closed conversations in object storage, sealed by customer, checked and brought back."""
