"""The pages: blueprints by area of the product, over one base of access, forms and templates."""
