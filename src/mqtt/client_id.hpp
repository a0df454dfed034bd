#pragma once

#include <random>
#include <string>
#include <string_view>

namespace stresskit::mqtt {

/// `sim-{name}-{6 random characters}`: a broker tells two runs of the same device apart.
template <class Random>
[[nodiscard]] std::string make_client_id(std::string_view device_name, Random& random) {
  constexpr std::string_view letters = "abcdefghijklmnopqrstuvwxyz0123456789";
  std::uniform_int_distribution<std::size_t> pick(0, letters.size() - 1);
  std::string id = "sim-";
  id += device_name;
  id += '-';
  for (int i = 0; i < 6; ++i) {
    id += letters[pick(random)];
  }
  return id;
}

}  // namespace stresskit::mqtt
