"""For monitors: is this process alive, is the instance ready."""

from tracker.watch.web.views import blueprint

blueprints = (blueprint,)
