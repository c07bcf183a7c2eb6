"""The pieces pages are made of: native elements, so that every browser and reader knows them."""
