#include "chart.hpp"

#include "report/text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <iterator>

namespace stresskit::report {

namespace {

// The plot is a square of this many units, stretched by the browser.
constexpr double side = 1000;

class Scale {
 public:
  Scale(double low, double high, bool log)
      : low_(log ? std::log10(low) : low), high_(log ? std::log10(high) : high), log_(log) {}

  /// 0..1
  [[nodiscard]] double at(double value) const {
    if (high_ <= low_) {
      return 0;
    }
    const double place = log_ ? std::log10(std::max(value, 1e-9)) : value;
    return std::clamp((place - low_) / (high_ - low_), 0.0, 1.0);
  }

 private:
  double low_;
  double high_;
  bool log_;
};

struct Scales {
  Scale x;
  Scale y;
};

Scales scales_of(const Chart& chart) {
  double left = HUGE_VAL;
  double right = -HUGE_VAL;
  for (const Line& line : chart.lines) {
    for (const Point& point : line.points) {
      left = std::min(left, point.x);
      right = std::max(right, point.x);
    }
  }
  return {Scale(left, right, false),
          Scale(chart.y_ticks.front().at, chart.y_ticks.back().at, chart.log_y)};
}

std::string path_of(const Line& line, const Scales& scales, bool filled) {
  std::string path;
  const auto out = std::back_inserter(path);
  for (const Point& point : line.points) {
    fmt::format_to(out, "{}{:.1f},{:.1f}", path.empty() ? "M" : "L", scales.x.at(point.x) * side,
                   (1 - scales.y.at(point.y)) * side);
  }
  if (filled && !line.points.empty()) {
    fmt::format_to(out, "L{:.1f},{}L{:.1f},{}Z", scales.x.at(line.points.back().x) * side, side,
                   scales.x.at(line.points.front().x) * side, side);
  }
  return path;
}

std::string svg(const Chart& chart, const Scales& scales) {
  std::string text = fmt::format(
      "<svg viewBox=\"0 0 {0} {0}\" preserveAspectRatio=\"none\" role=\"img\" aria-label=\"{1}\">",
      side, escaped(chart.title));
  const auto out = std::back_inserter(text);
  for (const Tick& tick : chart.y_ticks) {
    fmt::format_to(out, "<path class=\"grid\" d=\"M0,{0:.1f}H{1}\"/>",
                   (1 - scales.y.at(tick.at)) * side, side);
  }
  for (const Line& line : chart.lines) {
    fmt::format_to(out, "<path class=\"{} {}\" d=\"{}\"/>", chart.filled ? "area" : "line",
                   line.tone, path_of(line, scales, chart.filled));
  }
  for (const Hover& hover : chart.hovers) {
    const double from = scales.x.at(hover.from) * side;
    fmt::format_to(out,
                   "<rect class=\"hover\" x=\"{:.1f}\" y=\"0\" width=\"{:.1f}\" height=\"{}\">"
                   "<title>{}</title></rect>",
                   from, std::max(scales.x.at(hover.to) * side - from, 0.5), side,
                   escaped(hover.words));
  }
  return text + "</svg>";
}

/// Where each line ends, from top to bottom, pushed apart until no two labels touch.
std::vector<std::pair<double, const Line*>> label_places(const Chart& chart, const Scales& scales) {
  constexpr double apart = 0.085;
  std::vector<std::pair<double, const Line*>> places;
  for (const Line& line : chart.lines) {
    if (!line.points.empty()) {
      places.emplace_back(1 - scales.y.at(line.points.back().y), &line);
    }
  }
  std::stable_sort(places.begin(), places.end(),
                   [](const auto& a, const auto& b) { return a.first < b.first; });
  for (std::size_t i = 1; i < places.size(); ++i) {
    places[i].first = std::max(places[i].first, places[i - 1].first + apart);
  }
  double lowest = 1;
  for (auto it = places.rbegin(); it != places.rend(); ++it, lowest -= apart) {
    it->first = std::min(it->first, lowest);
  }
  return places;
}

}  // namespace

std::string chart_html(const Chart& chart) {
  const Scales scales = scales_of(chart);
  std::string text = fmt::format("<figure><figcaption>{}</figcaption><div class=\"plot\">{}",
                                 escaped(chart.title), svg(chart, scales));
  const auto out = std::back_inserter(text);
  for (const Tick& tick : chart.y_ticks) {
    fmt::format_to(out, "<span class=\"y\" style=\"top:{:.1f}%\">{}</span>",
                   (1 - scales.y.at(tick.at)) * 100, escaped(tick.label));
  }
  for (const Tick& tick : chart.x_ticks) {
    fmt::format_to(out, "<span class=\"x\" style=\"left:{:.1f}%\">{}</span>",
                   scales.x.at(tick.at) * 100, escaped(tick.label));
  }
  for (const auto& [place, line] : label_places(chart, scales)) {
    fmt::format_to(out, "<span class=\"label {}\" style=\"top:{:.1f}%\">{}</span>", line->tone,
                   place * 100, escaped(line->name));
  }
  fmt::format_to(out, "</div><p class=\"axis\">{}</p></figure>\n", escaped(chart.x_title));
  return text;
}

std::vector<Point> down_sampled(const std::vector<Point>& points, std::size_t bins) {
  if (points.size() <= 2 * bins) {
    return points;
  }
  std::vector<Point> kept;
  kept.reserve(2 * bins);
  for (std::size_t bin = 0; bin < bins; ++bin) {
    const auto from = points.begin() + static_cast<std::ptrdiff_t>(bin * points.size() / bins);
    const auto to = points.begin() + static_cast<std::ptrdiff_t>((bin + 1) * points.size() / bins);
    auto [low, high] =
        std::minmax_element(from, to, [](const Point& a, const Point& b) { return a.y < b.y; });
    if (high < low) {
      std::swap(low, high);
    }
    kept.push_back(*low);
    if (high != low) {
      kept.push_back(*high);
    }
  }
  return kept;
}

std::vector<double> linear_steps(double highest) {
  const double rough = std::max(highest, 1e-3) / 4;
  const double power = std::pow(10, std::floor(std::log10(rough)));
  double step = 10 * power;
  for (const double factor : {1.0, 2.0, 5.0}) {
    if (factor * power >= rough) {
      step = factor * power;
      break;
    }
  }
  std::vector<double> steps{0};
  while (steps.back() < highest * (1 - 1e-9) || steps.size() < 2) {
    steps.push_back(static_cast<double>(steps.size()) * step);
  }
  return steps;
}

std::vector<double> log_steps(double lowest, double highest) {
  std::vector<double> steps;
  for (int power = static_cast<int>(std::floor(std::log10(lowest)));; ++power) {
    for (const double factor : {1.0, 2.0, 5.0}) {
      const double value = factor * std::pow(10, power);
      if (value <= lowest * (1 + 1e-9)) {
        steps.clear();  // the last one below is where the axis begins
      }
      steps.push_back(value);
      if (value >= highest && steps.size() > 1) {
        while (steps.size() > 7) {  // every second one, the ends kept
          std::vector<double> fewer;
          for (std::size_t i = 0; i < steps.size(); i += 2) {
            fewer.push_back(steps[i]);
          }
          if (fewer.back() < steps.back()) {
            fewer.push_back(steps.back());
          }
          steps = std::move(fewer);
        }
        return steps;
      }
    }
  }
}

}  // namespace stresskit::report
