#pragma once

#include "dashboard/answer.hpp"

#include <cstdint>
#include <optional>
#include <string>

namespace stresskit::dashboard {

/// A value out of a request's query, empty when it is not given.
[[nodiscard]] std::string text_in(const Request& request, const std::string& name);

/// A finite number; `otherwise` when it is not given, nothing when it is no number.
[[nodiscard]] std::optional<double> number_in(const Request& request, const std::string& name,
                                              double otherwise);

/// A whole number from 0 on; 0 when it is not given, nothing when it is none.
[[nodiscard]] std::optional<std::uint64_t> whole_in(const Request& request,
                                                    const std::string& name);

}  // namespace stresskit::dashboard
