#include "stresskit/control/stop_flag.hpp"

#include "stresskit/support/files.hpp"

#include <fmt/format.h>

#include <cerrno>
#include <fcntl.h>
#include <filesystem>
#include <system_error>
#include <unistd.h>

namespace stresskit::control {

support::Result<void> raise_stop_flag(const config::Data& data) {
  const std::string path = data.stop_flag().string();
  const support::Descriptor flag = support::open_or_create(data.stop_flag(), O_WRONLY);
  if (!flag) {
    return support::failure(fmt::format("cannot raise the stop flag {}: {}", path,
                                        std::generic_category().message(errno)));
  }
  return {};
}

bool stop_flag_raised(const config::Data& data) {
  // access(2) instead of std::filesystem: asked five times a second and more, by path alone.
  return ::access(data.stop_flag().c_str(), F_OK) == 0;
}

void remove_stop_flag(const config::Data& data) {
  std::error_code ignored;  // a flag that stays is noticed by whoever asks stop_flag_raised
  std::filesystem::remove(data.stop_flag(), ignored);
}

}  // namespace stresskit::control
