#include "stresskit/support/log.hpp"

#include "stresskit/support/progress.hpp"

#include <spdlog/sinks/stdout_color_sinks.h>
#include <spdlog/spdlog.h>

#include <memory>

namespace stresskit::support {

namespace {

spdlog::logger& logger() {
  static const std::shared_ptr<spdlog::logger> instance = [] {
    auto sink = std::make_shared<spdlog::sinks::stderr_color_sink_mt>(
        use_color(stderr) ? spdlog::color_mode::always : spdlog::color_mode::never);
    auto made = std::make_shared<spdlog::logger>("stresskit", std::move(sink));
    made->set_pattern("%H:%M:%S %^%l%$: %v");
    made->flush_on(spdlog::level::debug);
    return made;
  }();
  return *instance;
}

}  // namespace

void log_debug(std::string_view message) {
  logger().debug(message);
}
void log_info(std::string_view message) {
  logger().info(message);
}
void log_warning(std::string_view message) {
  logger().warn(message);
}
void log_error(std::string_view message) {
  logger().error(message);
}

}  // namespace stresskit::support
