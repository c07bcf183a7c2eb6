"""The dashboards: one Dash app mounted into the tracker."""
