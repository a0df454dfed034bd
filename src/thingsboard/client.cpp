#include "stresskit/thingsboard/client.hpp"

#include "thingsboard/classify.hpp"
#include "thingsboard/figures_json.hpp"
#include "thingsboard/http.hpp"
#include "thingsboard/json.hpp"
#include "thingsboard/samples_json.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <utility>

namespace stresskit::thingsboard {

namespace {

using nlohmann::json;

HttpRequest get(std::string path) {
  HttpRequest request;
  request.path = std::move(path);
  return request;
}

std::string series(const std::string& device_id, const std::string& key) {
  return fmt::format("/api/plugins/telemetry/DEVICE/{}/values/timeseries?keys={}",
                     url_encode(device_id), url_encode(key));
}

/// For calls whose answer has no body of interest.
struct Nothing {};

}  // namespace

class Client::Impl {
 public:
  Impl(Session& session, std::stop_token stop)
      : session_(session), http_(session.server(), std::move(stop)) {}

  [[nodiscard]] Session& session() { return session_; }

  Answer<void> log_in() {
    const Answer<std::string> token = session_.token(http_);
    if (!token) {
      return support::failure(token.error());
    }
    return {};
  }

  [[nodiscard]] std::optional<support::Wall::time_point> server_time() const {
    return server_time_;
  }

  /// Sends `request` and reads a success with `read`, which throws json::exception when the body
  /// is not what it should be.
  template <class Read>
  auto call(const HttpRequest& request, Read read, Purpose purpose = Purpose::call)
      -> Answer<decltype(read(std::string_view()))> {
    const Answer<HttpAnswer> answer = send(request);
    if (!answer) {
      return support::failure(answer.error());
    }
    if (answer->status < 200 || answer->status > 299) {
      return support::failure(classify(request, *answer, purpose));
    }
    try {
      return read(std::string_view(answer->body));
    } catch (const json::exception&) {
      return support::failure(unreadable(request, *answer, purpose));
    }
  }

  Answer<void> call(const HttpRequest& request, Purpose purpose = Purpose::call) {
    const auto done = call(
        request, [](std::string_view) { return Nothing(); }, purpose);
    if (!done) {
      return support::failure(done.error());
    }
    return {};
  }

 private:
  /// With a good token: when the server calls it expired, with another one. That ends, because the
  /// session gives up on a server that refuses its own fresh tokens.
  Answer<HttpAnswer> send(const HttpRequest& request) {
    Answer<std::string> token = session_.token(http_);
    while (token) {
      Answer<HttpAnswer> answer = http_.send(request, *token);
      if (!answer || !is_expired_token(*answer)) {
        if (answer && answer->status < 300 && accepted_ != *token) {
          session_.accepted(*token);
          accepted_ = *token;
        }
        server_time_ = answer ? answer->date : server_time_;
        return answer;
      }
      token = session_.renew(http_, *token);
    }
    return support::failure(token.error());
  }

  Session& session_;
  Http http_;
  std::optional<support::Wall::time_point> server_time_;
  std::string accepted_;  // the token we have told the session about
};

Client::Client(Session& session, std::stop_token stop)
    : impl_(std::make_unique<Impl>(session, std::move(stop))) {}
Client::~Client() = default;
Client::Client(Client&&) noexcept = default;

const config::ThingsBoard& Client::server() const {
  return impl_->session().server();
}

Answer<void> Client::log_in() {
  return impl_->log_in();
}

Answer<User> Client::who_am_i() {
  return impl_->call(get("/api/auth/user"), read_user);
}

Answer<ServerInfo> Client::server_info() {
  return impl_->call(get("/api/system/info"), read_server_info);
}

Answer<Device> Client::create_device(const NewDevice& device) {
  HttpRequest request =
      post("/api/device?accessToken=" + url_encode(device.token), new_device(device).dump());
  request.secret = device.token;
  request.repeatable = false;
  return impl_->call(request, read_device);
}

Answer<Device> Client::update_device(const std::string& id, const DeviceChange& change) {
  const auto update = [&]() -> Answer<Device> {
    const auto document =
        impl_->call(get("/api/device/" + url_encode(id)), [](std::string_view body) {
          static_cast<void>(read_device(body));  // throws when it is none
          return json::parse(body);
        });
    if (!document) {
      return support::failure(document.error());
    }
    return impl_->call(post("/api/device", changed_device(*document, change).dump()), read_device);
  };
  Answer<Device> answer = update();
  return !answer && answer.error().kind == ErrorKind::stale_version ? update() : answer;
}

Answer<std::optional<Device>> Client::find_device(const std::string& name) {
  Answer<Device> found =
      impl_->call(get("/api/tenant/devices?deviceName=" + url_encode(name)), read_device);
  if (found) {
    return std::optional(*std::move(found));
  }
  if (found.error().kind == ErrorKind::not_found) {
    return std::optional<Device>();
  }
  return support::failure(std::move(found.error()));
}

Answer<DevicePage> Client::list_devices(std::string_view text, std::uint32_t page,
                                        std::uint32_t page_size) {
  std::string path = fmt::format("/api/tenant/devices?pageSize={}&page={}", page_size, page);
  if (!text.empty()) {
    path += "&textSearch=" + url_encode(text);
  }
  return impl_->call(get(std::move(path)), read_device_page);
}

Answer<Credentials> Client::credentials(const std::string& device_id) {
  return impl_->call(get(fmt::format("/api/device/{}/credentials", url_encode(device_id))),
                     read_credentials);
}

Answer<void> Client::delete_device(const std::string& id) {
  HttpRequest request;
  request.method = Method::del;
  request.path = "/api/device/" + url_encode(id);
  return impl_->call(request);
}

Answer<Attributes> Client::server_attributes(const std::string& device_id,
                                             const std::vector<std::string>& keys) {
  std::string path =
      fmt::format("/api/plugins/telemetry/DEVICE/{}/values/attributes/SERVER_SCOPE?keys=",
                  url_encode(device_id));
  for (const std::string& key : keys) {
    path += (&key == &keys.front() ? "" : ",") + url_encode(key);
  }
  return impl_->call(get(std::move(path)), read_attributes, Purpose::telemetry);
}

Answer<void> Client::save_server_attributes(const std::string& device_id,
                                            const Attributes& attributes) {
  return impl_->call(
      post(fmt::format("/api/plugins/telemetry/DEVICE/{}/SERVER_SCOPE", url_encode(device_id)),
           write_attributes(attributes).dump()),
      Purpose::telemetry);
}

Answer<std::uint64_t> Client::count_points(const std::string& device_id, const std::string& key,
                                           TimeRange range) {
  // One bucket over the whole range. Without an interval the server drops the aggregation.
  return impl_->call(
      get(fmt::format("{}&startTs={}&endTs={}&interval={}&agg=COUNT", series(device_id, key),
                      range.from, range.to, range.to - range.from)),
      [&](std::string_view body) { return read_count(body, key); }, Purpose::telemetry);
}

Answer<Samples> Client::points(const std::string& device_id, const std::string& key,
                               TimeRange range, std::uint32_t limit) {
  return impl_->call(
      get(fmt::format("{}&startTs={}&endTs={}&limit={}&orderBy=ASC", series(device_id, key),
                      range.from, range.to, limit)),
      [&](std::string_view body) { return read_samples(body, key); }, Purpose::telemetry);
}

Answer<std::optional<Sample>> Client::newest_point(const std::string& device_id,
                                                   const std::string& key) {
  return impl_->call(
      get(series(device_id, key)),
      [&](std::string_view body) {
        const Samples samples = read_samples(body, key);
        return samples.empty() ? std::nullopt : std::optional(samples.front());
      },
      Purpose::telemetry);
}

Answer<Usage> Client::usage() {
  return impl_->call(get("/api/usage"), read_usage);
}

Answer<PointCounters> Client::point_counters() {
  return impl_->call(post("/api/entitiesQuery/find", point_counters_query().dump()),
                     read_point_counters);
}

Answer<std::vector<QueueStats>> Client::queue_stats() {
  return impl_->call(post("/api/entitiesQuery/find", queue_stats_query().dump()), read_queue_stats);
}

Answer<TenantProfile> Client::default_tenant_profile() {
  const auto info = impl_->call(get("/api/tenantProfileInfo/default"), read_profile);
  if (!info) {
    return support::failure(info.error());
  }
  return impl_->call(get("/api/tenantProfile/" + url_encode(info->id)), read_tenant_profile);
}

Answer<SystemInfo> Client::system_info() {
  return impl_->call(get("/api/admin/systemInfo"), read_system_info);
}

std::optional<support::Wall::time_point> Client::server_time() const {
  return impl_->server_time();
}

Answer<Profile> Client::default_profile() {
  return impl_->call(get("/api/deviceProfileInfo/default"), read_profile);
}

Answer<ProfilePage> Client::list_profiles(std::uint32_t page) {
  return impl_->call(get(fmt::format("/api/deviceProfileInfos?pageSize=100&page={}", page)),
                     read_profile_page);
}

Answer<std::vector<Device>> list_by_prefix(Client& client, std::string_view prefix) {
  constexpr std::uint32_t page_size = 1'000;
  std::vector<Device> out;
  for (std::uint32_t page = 0;; ++page) {
    Answer<DevicePage> answer = client.list_devices(prefix, page, page_size);
    if (!answer) {
      return support::failure(std::move(answer.error()));
    }
    for (Device& device : answer->devices) {
      if (device.name.starts_with(prefix)) {
        out.push_back(std::move(device));
      }
    }
    // An empty page ends it too: a server that always promises more must not hold us.
    if (!answer->has_next || answer->devices.empty()) {
      return out;
    }
  }
}

}  // namespace stresskit::thingsboard
