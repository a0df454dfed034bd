#include "stresskit/support/log.hpp"

#include "stresskit/support/progress.hpp"

#include <spdlog/sinks/stdout_color_sinks.h>
#include <spdlog/spdlog.h>

#include <memory>
#include <mutex>
#include <utility>

namespace stresskit::support {

namespace {

spdlog::logger& logger() {
  static const std::shared_ptr<spdlog::logger> instance = [] {
    auto sink = std::make_shared<spdlog::sinks::stderr_color_sink_mt>(
        use_color(stderr) ? spdlog::color_mode::always : spdlog::color_mode::never);
    auto made = std::make_shared<spdlog::logger>("stresskit", std::move(sink));
    made->set_pattern("%H:%M:%S %^%l%$: %v");
    made->flush_on(spdlog::level::info);
    return made;
  }();
  return *instance;
}

std::mutex hook_mutex;
std::function<void()> hook;  // guarded by hook_mutex

void log(spdlog::level::level_enum level, std::string_view message) {
  const std::lock_guard lock(hook_mutex);
  if (hook) {
    hook();
  }
  logger().log(level, message);
}

}  // namespace

void before_log_lines(std::function<void()> call) {
  const std::lock_guard lock(hook_mutex);
  hook = std::move(call);
}

void log_info(std::string_view message) {
  log(spdlog::level::info, message);
}
void log_warning(std::string_view message) {
  log(spdlog::level::warn, message);
}
void log_error(std::string_view message) {
  log(spdlog::level::err, message);
}

}  // namespace stresskit::support
