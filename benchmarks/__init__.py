"""Measurements that are run by hand; nothing in the product imports them."""
