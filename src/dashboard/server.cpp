#include "stresskit/dashboard/server.hpp"

#include "dashboard/http_codec.hpp"
#include "dashboard/http_loop.hpp"
#include "dashboard/listener.hpp"
#include "dashboard/site.hpp"

#include "stresskit/control/run_lock.hpp"
#include "stresskit/support/log.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <utility>

namespace stresskit::dashboard {

struct Server::Parts {
  Parts(const config::Dashboard& settings, const config::Data& data,
        const std::filesystem::path& web_folder, support::Clock& time)
      : listener(settings.host, settings.port),
        site(
            settings, data.dir, web_folder, [data] { return control::active_run(data); }, time),
        codec([this](const Request& request) { return site.answer(request); }),
        clock(time) {}

  Listener listener;
  Site site;
  HttpCodec codec;
  support::Clock& clock;
};

Server::Server(const config::Dashboard& settings, const config::Data& data,
               const std::filesystem::path& web_folder, support::Clock& clock)
    : parts_(std::make_unique<Parts>(settings, data, web_folder, clock)) {
  if (settings.password.empty() && !parts_->listener.is_loopback()) {
    support::warn(
        "everybody who can reach port {} of this machine can see the dashboard: set "
        "DASHBOARD_PASSWORD, or listen on 127.0.0.1 only (--dashboard-host)",
        port());
  }
}

Server::~Server() = default;

std::uint16_t Server::port() const {
  return parts_->listener.port();
}

std::string Server::url() const {
  return parts_->listener.url();
}

void Server::run(std::stop_token stop) {
  serve(
      parts_->listener.descriptor(),
      [this](std::string_view head) { return parts_->codec.answer(head); }, Limits{}, parts_->clock,
      std::move(stop));
}

std::string announcement(const std::string& url, const std::filesystem::path& data, bool json) {
  if (json) {
    const nlohmann::json document = {{"url", url}, {"data_dir", data.string()}};
    return document.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
  }
  return fmt::format("Dashboard of {}: {} (Ctrl+C ends it)", data.string(), url);
}

}  // namespace stresskit::dashboard
