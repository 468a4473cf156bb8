"""All SQL of the product, one file per aggregate; each query belongs to one bot."""
