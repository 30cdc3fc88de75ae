"""The bins of the reliability diagram."""

from __future__ import annotations

import xml.etree.ElementTree as ElementTree

from benchmarks.quality.reliability import bins, calibration_error, diagram, kept

ONE = kept([(0.12, False), (0.18, True), (1.0, True)])
OTHER = kept([(0.15, False), (0.15, False)])


def test_sets_are_put_together_bin_by_bin() -> None:
    low, high = bins([ONE, OTHER])
    assert (low.count, round(low.thought, 3), low.right) == (4, 0.15, 0.25)
    assert (high.count, high.thought, high.right) == (1, 1.0, 1.0)


def test_the_error_is_the_mean_distance_of_thought_and_right() -> None:
    assert round(calibration_error(bins([ONE, OTHER])), 3) == 0.08
    assert calibration_error([]) == 0.0


def test_the_diagram_has_a_point_for_each_bin() -> None:
    drawn = ElementTree.fromstring(diagram(bins([ONE, OTHER])))
    circles = [one for one in drawn.iter() if one.tag.endswith("circle")]
    assert len(circles) == 2
