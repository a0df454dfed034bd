#include "stresskit/metrics/limits.hpp"

#include "stresskit/support/format.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace stresskit::metrics {

namespace {

using support::format_count;

// Fewer closings are accidents.
constexpr std::uint64_t fewest = 3;
// docker/haproxy/config/haproxy.cfg: connections of one source address at a time.
constexpr std::uint64_t proxy_connections = 50;
// thingsboard.yml, transport.rate_limits.max_wrong_credentials_per_ip.
constexpr std::uint64_t wrong_credentials = 10;

bool nearly_all(std::uint64_t part, std::uint64_t whole) {
  return part >= fewest && part * 10 >= whole * 9;
}

/// How many connections ended after the same number of messages, for the number most frequent.
std::pair<std::uint32_t, std::uint64_t> usual_end(const LimitEvidence& e) {
  const auto most =
      std::max_element(e.closed_after.begin(), e.closed_after.end(),
                       [](const auto& a, const auto& b) { return a.second < b.second; });
  if (most == e.closed_after.end()) {
    return {};
  }
  return *most;
}

/// Attempts that never got to a CONNACK: nobody listens, or a proxy finds nobody behind it. A
/// closed port has a code of its own in the engine `native` alone.
std::uint64_t in_vain(const LimitEvidence& e) {
  return e.closed_unanswered + e.unreachable;
}

/// A server that is gone does not let those who lost their connection in again; one that enforces a
/// limit of messages does. Where some were never let in, attempts in vain may be theirs.
bool server_was_gone(const LimitEvidence& e) {
  const bool all_were_in = nearly_all(e.most_connected, e.devices);
  return e.refused_tcp > 0 ||
         (all_were_in && e.most_at_once >= fewest && in_vain(e) >= e.most_at_once);
}

/// A rate limit closes on the message that is too many and never acknowledges it; a connection that
/// ends otherwise hardly ever has one open.
void of_messages(const LimitEvidence& e, std::vector<Limit>& out) {
  if (e.closings < fewest || server_was_gone(e) || !nearly_all(e.cut_off, e.closings)) {
    return;
  }
  const auto [messages, times] = usual_end(e);
  const bool on_the_same = messages > 0 && nearly_all(times, e.closings);
  const bool everybody_at_once = nearly_all(e.most_at_once, e.devices);
  if (on_the_same && everybody_at_once) {
    out.push_back(
        {"device message or data-point limit",
         fmt::format("{} of {} closings came on message {} of the connection, for the whole "
                     "fleet at once",
                     times, e.closings, messages),
         "tenant profile: transportDeviceTelemetryMsgRateLimit, "
         "transportDeviceTelemetryDataPointsRateLimit"});
    return;
  }
  out.push_back(
      {everybody_at_once ? "tenant message limit or monthly quota"
                         : "tenant message or data-point limit",
       fmt::format("{} of {} closings left a message unanswered, {} of {} devices at once",
                   e.cut_off, e.closings, e.most_at_once, e.devices),
       "tenant profile: transportTenantTelemetryMsgRateLimit, "
       "transportTenantTelemetryDataPointsRateLimit, maxTransportMessages"});
}

/// Two runs with the same tokens evict each other for ever. MQTT 5 says so; before, the server ends
/// a healthy connection without a word, accepts the device again, and ends that one, too.
void of_the_tokens(const LimitEvidence& e, std::vector<Limit>& out) {
  const bool refuses =
      e.refused_tcp + e.refused_unavailable + e.closed_unanswered + e.unreachable > 0;
  const bool silently = nearly_all(e.closed_again, e.devices) && !refuses;
  if (e.taken_over == 0 && !silently) {
    return;
  }
  out.push_back(
      {"no limit: another client uses the same access tokens",
       e.taken_over > 0
           ? fmt::format("\"session taken over\" {}", format_count(e.taken_over, "time"))
           : fmt::format("{} of {} devices were disconnected again and again with nothing "
                         "unanswered, and accepted each time they came back",
                         e.closed_again, e.devices),
       "end the other run that uses these devices, or give it devices of its own (DEVICE_PREFIX)"});
}

void of_the_server(const LimitEvidence& e, std::vector<Limit>& out) {
  if (server_was_gone(e) && nearly_all(e.most_at_once, std::min(e.closings, e.devices))) {
    const bool closed_port = e.refused_tcp > 0;
    out.push_back({"no limit: the server stopped",
                   fmt::format("{} ended within one second, and {} to connect {}",
                               format_count(e.most_at_once, "connection"),
                               format_count(closed_port ? e.refused_tcp : in_vain(e), "attempt"),
                               closed_port ? "met a closed port" : "ended before a CONNACK"),
                   "the server's log says why; what was in its memory queue is lost"});
  }
}

void of_connecting(const LimitEvidence& e, std::vector<Limit>& out) {
  if (e.refused_unavailable > 0) {
    out.push_back(
        {"connection rate limit, or an overloaded server",
         fmt::format("CONNACK \"unavailable\" for {}, first after {} accepted",
                     format_count(e.refused_unavailable, "attempt"),
                     e.accepted_before_unavailable.value_or(0)),
         "connect more slowly (MQTT_CONNECT_RATE); tenant profile: transportTenantMsgRateLimit, "
         "transportDeviceMsgRateLimit (a connection costs a message)"});
  }
  if (e.refused_unknown > 0) {
    out.push_back({"no limit: unknown access tokens",
                   fmt::format("CONNACK \"not authorized\" for {}, {} accepted",
                               format_count(e.refused_unknown, "attempt"), e.most_connected),
                   "run provision: the server does not know these tokens"});
  }
  if (e.closed_unanswered < fewest) {
    return;
  }
  const std::string closed = fmt::format("{} were closed before a CONNACK",
                                         format_count(e.closed_unanswered, "connection"));
  if (e.most_connected == proxy_connections * e.addresses) {
    out.push_back({"connections per source address of HAProxy",
                   fmt::format("exactly {} connected, {}", e.most_connected, closed),
                   "docker/haproxy/config/haproxy.cfg: conn_cur, or trustlist.txt; or connect from "
                   "more addresses (MQTT_LOCAL_ADDRS)"});
  } else if (e.refused_unknown >= wrong_credentials) {
    out.push_back({"address blocked after wrong credentials",
                   fmt::format("{}, after {} unknown tokens", closed, e.refused_unknown),
                   "thingsboard.yml: transport.rate_limits.max_wrong_credentials_per_ip, "
                   "ip_block_timeout; and run provision"});
  }
}

void of_rest(const LimitEvidence& e, std::vector<Limit>& out) {
  if (e.rest_rate_limited > 0) {
    out.push_back({"REST request limit",
                   fmt::format("429 was answered {}", format_count(e.rest_rate_limited, "time")),
                   "tenant profile: tenantServerRestLimitsConfiguration; in front of it a proxy"});
  }
}

}  // namespace

std::vector<Limit> limits(const LimitEvidence& evidence) {
  std::vector<Limit> out;
  of_messages(evidence, out);
  of_the_tokens(evidence, out);
  of_the_server(evidence, out);
  of_connecting(evidence, out);
  of_rest(evidence, out);
  return out;
}

}  // namespace stresskit::metrics
