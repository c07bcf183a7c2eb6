"""The settings as the KI sees and changes them."""

from tracker.instance.web.views import blueprint

blueprints = (blueprint,)
