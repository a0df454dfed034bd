#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace stresskit::report {

struct Point {
  double x = 0;
  double y = 0;
};

/// A line of a chart. `tone` names its colour in the page's style: "accent", "muted", "good", ...
struct Line {
  std::string name;
  std::string_view tone;
  std::vector<Point> points;  ///< in the order of x
};

/// A place on an axis with its label.
struct Tick {
  double at = 0;
  std::string label;
};

/// A stretch of the x axis with the words that show when the pointer rests on it.
struct Hover {
  double from = 0;
  double to = 0;
  std::string words;
};

struct Chart {
  std::string title;
  std::string x_title;
  std::vector<Line> lines;
  std::vector<Tick> x_ticks;
  std::vector<Tick> y_ticks;  ///< from the bottom up; the first and the last are the axis' ends
  std::vector<Hover> hovers;
  bool log_y = false;
  bool filled = false;  ///< the lines are upper edges of areas, the highest first
};

/// The chart as HTML with an inline SVG that stretches to the width of the page; labels are HTML,
/// so they keep their size on a phone and in print.
[[nodiscard]] std::string chart_html(const Chart& chart);

/// At most some 2 * `bins` points, with the smallest and the largest of each bin kept, so no peak
/// is lost.
[[nodiscard]] std::vector<Point> down_sampled(const std::vector<Point>& points, std::size_t bins);

/// Round values that enclose 0..`highest`, at most six.
[[nodiscard]] std::vector<double> linear_steps(double highest);

/// 1, 2, 5, 10, ... that enclose `lowest`..`highest` (both positive); thinned out to at most seven.
[[nodiscard]] std::vector<double> log_steps(double lowest, double highest);

}  // namespace stresskit::report
