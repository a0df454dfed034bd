#include "stresskit/burst/choose_devices.hpp"

#include "stresskit/fleet/tokens.hpp"
#include "stresskit/support/error.hpp"
#include "stresskit/support/log.hpp"

#include <fmt/format.h>

namespace stresskit::burst {

std::vector<fleet::Device> choose_devices(const config::Data& data, const config::Fleet& wish) {
  auto devices = fleet::read_tokens(data.tokens());
  if (!devices) {
    throw support::Error(support::ExitCode::usage, devices.error());
  }
  if (wish.count_given && wish.count < devices->size()) {
    devices->resize(wish.count);
  } else if (wish.count_given && wish.count > devices->size()) {
    support::warn("DEVICE_COUNT is {}, but {} has tokens of {} devices only: running with those",
                  wish.count, data.tokens().string(), devices->size());
  }
  return std::move(*devices);
}

}  // namespace stresskit::burst
