#include "sandbox/router.hpp"

#include <optional>
#include <utility>

namespace stresskit::sandbox {
namespace {

std::vector<std::string> split(std::string_view path) {
  std::vector<std::string> segments;
  for (std::size_t at = 1; at <= path.size();) {
    const std::size_t end = std::min(path.find('/', at), path.size());
    segments.emplace_back(path.substr(at, end - at));
    at = end + 1;
  }
  return segments;
}

std::optional<std::vector<std::string>> fit(const std::vector<std::string>& pattern,
                                            const std::vector<std::string>& path) {
  if (pattern.size() != path.size()) return std::nullopt;
  std::vector<std::string> values;
  for (std::size_t i = 0; i < path.size(); ++i) {
    if (pattern[i] == "{}") {
      values.push_back(path[i]);
    } else if (pattern[i] != path[i]) {
      return std::nullopt;
    }
  }
  return values;
}

}  // namespace

void Router::add(std::string method, std::string_view pattern, Access access, RestHandler handler) {
  routes_.push_back({std::move(method), split(pattern), access, std::move(handler)});
}

Router::Match Router::find(std::string_view method, std::string_view path) const {
  const auto segments = split(path);
  Match match;
  for (const Route& route : routes_) {
    auto values = fit(route.segments, segments);
    if (!values) continue;
    if (route.method == method) return {&route, std::move(*values), ""};
    match.allowed += (match.allowed.empty() ? "" : ",") + route.method;
  }
  return match;
}

}  // namespace stresskit::sandbox
