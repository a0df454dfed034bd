#pragma once

#include "stresskit/config/settings.hpp"
#include "stresskit/support/clock.hpp"
#include "stresskit/thingsboard/error.hpp"

#include <mutex>
#include <optional>
#include <string>

namespace stresskit::thingsboard {

class Http;

/// One log-in that all clients of a program share: a log-in costs the server tens of milliseconds
/// of CPU. Logs in when the first client needs it, refreshes the token before it expires or when
/// the server calls it expired, logs in anew when that fails, and gives up when a token fresh from
/// a log-in is refused: then every later call fails the same way and nothing is sent.
///
/// The life time is read from the token and counted on our own monotonic clock, so the clocks of
/// server and client need not agree.
///
/// Threads: safe for concurrent use. Outlives its clients.
class Session {
 public:
  Session(config::ThingsBoard server, support::Clock& clock);

  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;

  [[nodiscard]] const config::ThingsBoard& server() const { return server_; }

  /// The role in the current token ("TENANT_ADMIN"); empty before the log-in.
  [[nodiscard]] std::string authority() const;

 private:
  friend class Client;

  /// A token that should be good now.
  [[nodiscard]] Answer<std::string> token(Http& http);
  /// Another token, after the server has called `refused` expired.
  [[nodiscard]] Answer<std::string> renew(Http& http, const std::string& refused);
  /// The server took `token`.
  void accepted(const std::string& token);

  // REQUIRES for all of these: mutex_ is held.
  Answer<std::string> log_in(Http& http);
  Answer<std::string> refresh(Http& http);
  std::string take(std::string token, std::string refresh_token, bool by_log_in);
  tl::unexpected<ApiError> give_up(ApiError error);
  [[nodiscard]] bool needs_refresh() const;

  const config::ThingsBoard server_;
  support::Clock& clock_;

  mutable std::mutex mutex_;
  // State below is guarded by mutex_.
  std::string token_;
  std::string refresh_token_;
  std::string authority_;
  std::optional<support::Mono::time_point> refresh_at_;
  bool from_log_in_ = false;  ///< the current token came from a log-in, not from a refresh
  bool accepted_ = false;     ///< the server has taken the current token at least once
  std::optional<ApiError> dead_;
};

}  // namespace stresskit::thingsboard
