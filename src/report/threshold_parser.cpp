#include "threshold.hpp"

#include "stresskit/support/nearest.hpp"

#include <fmt/format.h>

#include <array>
#include <charconv>
#include <cmath>
#include <vector>

namespace stresskit::report {

namespace {

using One = Thresholds::One;
using support::failure;
using support::Result;

struct Spelling {
  std::string_view text;
  Op op;
};

/// Longer ones first.
constexpr std::array spellings{Spelling{"<=", Op::at_most}, Spelling{">=", Op::at_least},
                               Spelling{"==", Op::equal},   Spelling{"!=", Op::unequal},
                               Spelling{"<", Op::less},     Spelling{">", Op::more}};

std::string_view trimmed(std::string_view text) {
  const std::size_t first = text.find_first_not_of(" \t");
  return first == std::string_view::npos
             ? ""
             : text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

struct Parts {
  std::string_view metric;
  Op op;
  std::string_view value;
};

Result<Parts> split(std::string_view text) {
  const std::size_t at = text.find_first_of("<>=!");
  if (at != std::string_view::npos && at > 0) {
    for (const Spelling& spelling : spellings) {
      if (text.substr(at).starts_with(spelling.text)) {
        return Parts{trimmed(text.substr(0, at)), spelling.op,
                     trimmed(text.substr(at + spelling.text.size()))};
      }
    }
  }
  return failure("expected METRIC OP VALUE with one of < <= > >= == !=, as in lost==0");
}

std::string unknown_metric(std::string_view name) {
  std::vector<std::string> known;
  for (const Metric& metric : threshold_metrics()) {
    if (metric.ladder == nullptr) {
      known.emplace_back(metric.name);
      continue;
    }
    for (const Rung& rung : rungs()) {
      known.push_back(fmt::format("{}_{}", metric.name, rung.name));
    }
  }
  const std::vector<std::string_view> candidates(known.begin(), known.end());
  const auto meant = support::nearest(name, candidates);
  return fmt::format("unknown metric \"{}\"{}", name,
                     meant ? fmt::format("; did you mean {}?", *meant) : "");
}

Result<void> find_metric(std::string_view name, One& into) {
  for (const Metric& metric : threshold_metrics()) {
    if (metric.ladder == nullptr && metric.name == name) {
      into.metric = &metric;
      return {};
    }
    for (const Rung& rung : rungs()) {
      if (metric.ladder != nullptr && name == fmt::format("{}_{}", metric.name, rung.name)) {
        into.metric = &metric;
        into.rung = &rung;
        return {};
      }
    }
  }
  return failure(unknown_metric(name));
}

struct Quantity {
  double value = 0;
  std::string_view unit;
};

/// A number that is not negative, and what stands behind it.
std::optional<Quantity> quantity(std::string_view text) {
  Quantity result;
  const char* const end = text.data() + text.size();
  const auto [rest, error] = std::from_chars(text.data(), end, result.value);
  if (error != std::errc() || !std::isfinite(result.value) || std::signbit(result.value)) {
    return std::nullopt;
  }
  result.unit = trimmed({rest, static_cast<std::size_t>(end - rest)});
  return result;
}

Result<double> milliseconds(std::string_view text) {
  constexpr std::array<std::pair<std::string_view, double>, 4> units{
      {{"us", 1e-3}, {"ms", 1}, {"s", 1e3}, {"m", 60e3}}};
  if (const auto given = quantity(text)) {
    for (const auto& [unit, factor] : units) {
      if (given->unit == unit) {
        return given->value * factor;
      }
    }
  }
  return failure(fmt::format("\"{}\" is no duration with its unit (us, ms, s, m)", text));
}

Result<double> ratio(std::string_view text) {
  if (const auto given = quantity(text)) {
    const double value = given->unit == "%" ? given->value / 100 : given->value;
    if ((given->unit == "%" || given->unit.empty()) && value <= 1) {
      return value;
    }
  }
  return failure(fmt::format("\"{}\" is no ratio (99.9% or 0.999)", text));
}

Result<double> whole_number(std::string_view text) {
  const auto given = quantity(text);
  if (given && given->unit.empty() && given->value == std::floor(given->value)) {
    return given->value;
  }
  return failure(fmt::format("\"{}\" is no whole number", text));
}

Result<void> find_bound(std::string_view text, One& into) {
  if (into.metric->kind == Kind::moment && text == "none") {
    if (into.op != Op::equal && into.op != Op::unequal) {
      return failure("with none only == and != make sense");
    }
    return {};
  }
  const auto parsed = [&]() -> Result<double> {
    switch (into.metric->kind) {
      case Kind::count:
        return whole_number(text);
      case Kind::ratio:
        return ratio(text);
      case Kind::duration:
        return milliseconds(text);
      case Kind::moment:
        return milliseconds(text).map([](double ms) { return ms / 1e3; }).map_error([&](auto&&) {
          return fmt::format("\"{}\" is neither none nor a duration with its unit", text);
        });
    }
    return failure("no such kind");
  }();
  if (!parsed) {
    return failure(parsed.error());
  }
  into.bound = *parsed;
  return {};
}

}  // namespace

Result<One> parse_threshold(std::string_view text) {
  One result;
  result.text = trimmed(text);
  const auto parts = split(result.text);
  if (!parts) {
    return failure(parts.error());
  }
  result.op = parts->op;
  return find_metric(parts->metric, result)
      .and_then([&] { return find_bound(parts->value, result); })
      .map([&] { return result; });
}

}  // namespace stresskit::report
