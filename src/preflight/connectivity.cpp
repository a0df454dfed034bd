#include "stresskit/preflight/connectivity.hpp"

#include "preflight/mqtt_probe.hpp"

#include "stresskit/fleet/tokens.hpp"
#include "stresskit/preflight/outlook.hpp"
#include "stresskit/support/format.hpp"
#include "stresskit/thingsboard/client.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <utility>

namespace stresskit::preflight {

namespace {

using support::Error;
using support::ExitCode;
using thingsboard::ApiError;
using thingsboard::ErrorKind;

/// How a step ended, before it has a name and a time.
struct Ending {
  StepResult result = StepResult::ok;
  std::string text;
};

std::string_view role(const std::string& authority) {
  if (authority == "CUSTOMER_USER") {
    return "a customer user";
  }
  return authority == "SYS_ADMIN" ? "a system administrator" : "no tenant administrator";
}

/// The steps, each a method; `run` goes through them until one fails.
class Check {
 public:
  Check(const ConnectivitySetup& setup, support::Clock& clock, std::stop_token stop,
        const std::function<void(const Step&)>& tell)
      : setup_(setup),
        clock_(clock),
        stop_(std::move(stop)),
        tell_(tell),
        session_(setup.server, clock),
        client_(session_, stop_) {}

  Connectivity run() {
    using Method = Ending (Check::*)();
    constexpr std::pair<const char*, Method> steps[] = {
        {"log-in", &Check::log_in}, {"account", &Check::account}, {"devices", &Check::devices},
        {"prefix", &Check::prefix}, {"profile", &Check::profile}, {"version", &Check::version},
        {"mqtt", &Check::mqtt}};
    Connectivity out;
    for (const auto& [name, method] : steps) {
      const support::Mono::time_point started = clock_.now();
      Ending ending = (this->*method)();
      const support::Mono::duration took = clock_.now() - started;
      out.steps.push_back({name, ending.result, took, std::move(ending.text)});
      tell_(out.steps.back());
      if (ending.result == StepResult::failed) {
        out.code = stop_.stop_requested() ? ExitCode::partial : ExitCode::unreachable;
        return out;
      }
    }
    if (out.steps.back().result == StepResult::ok) {
      look_at_limits(out);
    }
    return out;
  }

 private:
  /// A step for each thing found. REQUIRES: there is a token that can connect.
  void look_at_limits(Connectivity& out) {
    const auto devices = fleet::read_tokens(setup_.data.tokens());
    const OutlookSetup setup{setup_.server, setup_.mqtt, setup_.burst, *devices, false};
    support::Mono::time_point started = clock_.now();
    for (const Finding& finding : look_ahead(setup, clock_, stop_)) {
      const support::Mono::time_point now = clock_.now();
      out.steps.push_back({"limits", finding.warning ? StepResult::warning : StepResult::ok,
                           now - std::exchange(started, now), finding.text});
      tell_(out.steps.back());
    }
    if (stop_.stop_requested()) {
      out.steps.push_back({"limits", StepResult::failed, clock_.now() - started,
                           "stopped before the limits of the server were known"});
      tell_(out.steps.back());
      out.code = ExitCode::partial;
    }
  }

  Ending failed(const ApiError& error) const {
    return {StepResult::failed, thingsboard::explain(error, setup_.server)};
  }

  Ending log_in() {
    const auto answer = client_.log_in();
    return answer ? Ending{StepResult::ok, fmt::format("logged in to {} as \"{}\"",
                                                       setup_.server.url, setup_.server.username)}
                  : failed(answer.error());
  }

  Ending account() {
    const auto user = client_.who_am_i();
    if (!user) {
      return failed(user.error());
    }
    if (user->authority != thingsboard::tenant_administrator) {
      return {StepResult::failed,
              fmt::format("\"{}\" is {} ({}) at {}; devices need a tenant administrator: set "
                          "TB_USERNAME and TB_PASSWORD to one",
                          user->email, role(user->authority), user->authority, setup_.server.url)};
    }
    return {StepResult::ok,
            fmt::format("{} is {} of tenant {}", user->email, user->authority, user->tenant_id)};
  }

  Ending devices() {
    const auto page = client_.list_devices("", 0, 1);
    return page ? Ending{StepResult::ok, fmt::format("{} in the tenant",
                                                     support::format_count(page->total, "device"))}
                : failed(page.error());
  }

  Ending prefix() {
    const auto found = thingsboard::list_by_prefix(client_, setup_.fleet.prefix);
    return found
               ? Ending{StepResult::ok, fmt::format("{} with prefix \"{}\"",
                                                    support::format_count(found->size(), "device"),
                                                    setup_.fleet.prefix)}
               : failed(found.error());
  }

  Ending profile() {
    const auto found = client_.default_profile();
    return found ? Ending{StepResult::ok, fmt::format("default device profile \"{}\", transport {}",
                                                      found->name, found->transport)}
                 : failed(found.error());
  }

  Ending version() {
    const auto found = client_.server_info();
    if (found) {
      return {StepResult::ok, fmt::format("ThingsBoard {} {}", found->version, found->edition)};
    }
    // Nothing depends on it, and old servers do not tell.
    return stop_.stop_requested()
               ? failed(found.error())
               : Ending{StepResult::skipped, "the server does not tell its version"};
  }

  Ending mqtt() {
    if (setup_.run_active) {
      return {StepResult::skipped,
              "a run is active: a second connection would evict one of its devices"};
    }
    const auto tokens = fleet::read_tokens(setup_.data.tokens());
    if (!tokens) {
      return {StepResult::skipped, "no token to connect with: " + tokens.error()};
    }
    const fleet::Device& device = tokens->front();
    try {
      const auto times = try_to_connect(setup_.mqtt, device, clock_, stop_);
      return times ? Ending{StepResult::ok, fmt::format("{}:{} accepted {}", setup_.mqtt.host,
                                                        setup_.mqtt.port, device.name)}
                   : Ending{StepResult::failed, explain(times.error(), setup_.mqtt, device.name)};
    } catch (const Error& error) {
      if (error.code() != ExitCode::unreachable) {
        throw;
      }
      return {StepResult::failed, error.what()};
    }
  }

  const ConnectivitySetup& setup_;
  support::Clock& clock_;
  const std::stop_token stop_;
  const std::function<void(const Step&)>& tell_;
  thingsboard::Session session_;
  thingsboard::Client client_;
};

std::string_view to_string(StepResult result) {
  switch (result) {
    case StepResult::ok:
      return "ok";
    case StepResult::warning:
      return "warning";
    case StepResult::failed:
      return "failed";
    case StepResult::skipped:
      return "skipped";
  }
  return "";
}

}  // namespace

Connectivity check_connectivity(const ConnectivitySetup& setup, support::Clock& clock,
                                std::stop_token stop,
                                const std::function<void(const Step&)>& tell) {
  return Check(setup, clock, std::move(stop), tell).run();
}

std::string to_line(const Step& step) {
  std::string line = fmt::format("{:<8} {:<8} {:>8}", to_string(step.result), step.name,
                                 support::format_duration(step.took));
  return step.result == StepResult::failed ? line : line + "  " + step.text;
}

std::string to_json(const Connectivity& result) {
  using nlohmann::ordered_json;
  ordered_json steps = ordered_json::array();
  for (const Step& step : result.steps) {
    steps.push_back({{"step", step.name},
                     {"result", to_string(step.result)},
                     {"ms", support::to_ms(step.took)},
                     {"text", step.text}});
  }
  const ordered_json out{{"ok", result.code == ExitCode::done}, {"steps", std::move(steps)}};
  return out.dump(2, ' ', false, ordered_json::error_handler_t::replace) + '\n';
}

}  // namespace stresskit::preflight
