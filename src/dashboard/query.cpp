#include "dashboard/query.hpp"

#include <charconv>
#include <cmath>
#include <system_error>

namespace stresskit::dashboard {
namespace {

template <class Number>
std::optional<Number> parse(const std::string& text) {
  Number value{};
  const auto read = std::from_chars(text.data(), text.data() + text.size(), value);
  const bool whole = read.ec == std::errc() && read.ptr == text.data() + text.size();
  return whole ? std::optional(value) : std::nullopt;
}

}  // namespace

std::string text_in(const Request& request, const std::string& name) {
  const auto found = request.query.find(name);
  return found == request.query.end() ? std::string() : found->second;
}

std::optional<double> number_in(const Request& request, const std::string& name, double otherwise) {
  const std::string text = text_in(request, name);
  if (text.empty()) {
    return otherwise;
  }
  const auto value = parse<double>(text);
  return value && std::isfinite(*value) ? value : std::nullopt;
}

std::optional<std::uint64_t> whole_in(const Request& request, const std::string& name) {
  const std::string text = text_in(request, name);
  return text.empty() ? std::optional<std::uint64_t>(0) : parse<std::uint64_t>(text);
}

}  // namespace stresskit::dashboard
