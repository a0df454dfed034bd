#include "sandbox/mqtt_topics.hpp"

#include <algorithm>
#include <array>

namespace stresskit::sandbox {
namespace {

using Kind = Topic::Kind;

struct Exact {
  std::string_view topic;
  Kind kind;
};

constexpr std::array exact_topics{
    Exact{"v1/devices/me/telemetry", Kind::telemetry},
    Exact{"v2/t", Kind::telemetry},
    Exact{"v2/t/j", Kind::telemetry},
    Exact{"v2/t/p", Kind::protobuf},
    Exact{"v1/devices/me/attributes", Kind::attributes},
    Exact{"v2/a", Kind::attributes},
    Exact{"v2/a/j", Kind::attributes},
    Exact{"v2/a/p", Kind::protobuf},
    Exact{"v1/devices/me/claim", Kind::claim},
};

struct Prefix {
  std::string_view topic;
  Kind kind;
  std::string_view response;
};

// The first that fits counts, so the longer of two stands first.
constexpr std::array prefixes{
    Prefix{"v1/gateway", Kind::gateway, ""},
    Prefix{"v1/devices/me/attributes/request/", Kind::attribute_request,
           "v1/devices/me/attributes/response/"},
    Prefix{"v1/devices/me/rpc/request/", Kind::rpc_request, "v1/devices/me/rpc/response/"},
    Prefix{"v1/devices/me/rpc/response/", Kind::rpc_response, ""},
    Prefix{"v2/a/req/j/", Kind::attribute_request, "v2/a/res/j/"},
    Prefix{"v2/a/req/p/", Kind::protobuf, ""},
    Prefix{"v2/a/req/", Kind::attribute_request, "v2/a/res/"},
    Prefix{"v2/r/req/j/", Kind::rpc_request, "v2/r/res/j/"},
    Prefix{"v2/r/req/p/", Kind::protobuf, ""},
    Prefix{"v2/r/req/", Kind::rpc_request, "v2/r/res/"},
    Prefix{"v2/r/res/p/", Kind::protobuf, ""},
    Prefix{"v2/r/res/", Kind::rpc_response, ""},
};

constexpr std::array<std::string_view, 8> core_filters{
    "v1/devices/me/attributes",    "v2/a",       "v2/a/j",       "v2/a/p",
    "v1/devices/me/rpc/request/+", "v2/r/req/+", "v2/r/req/j/+", "v2/r/req/p/+",
};

constexpr std::array<std::string_view, 16> quiet_filters{
    "v1/devices/me/attributes/response/+",
    "v2/a/res/+",
    "v2/a/res/j/+",
    "v2/a/res/p/+",
    "v1/devices/me/rpc/response/+",
    "v2/r/res/+",
    "v2/r/res/j/+",
    "v2/r/res/p/+",
    "v2/fw/response/+/chunk/+",
    "v2/fw/error",
    "v2/sw/response/+/chunk/+",
    "v2/sw/error",
    "v1/gateway/attributes",
    "v1/gateway/attributes/response",
    "v1/gateway/rpc",
    "/provision/response",
};

bool contains(const auto& list, std::string_view wanted) {
  return std::find(list.begin(), list.end(), wanted) != list.end();
}

}  // namespace

Topic classify_topic(std::string_view topic) {
  for (const Exact& known : exact_topics) {
    if (topic == known.topic) {
      return {known.kind, {}};
    }
  }
  for (const Prefix& known : prefixes) {
    if (!topic.starts_with(known.topic)) {
      continue;
    }
    std::string response(known.response);
    if (!response.empty()) {
      response.append(topic.substr(known.topic.size()));
    }
    return {known.kind, std::move(response)};
  }
  return {};
}

bool can_subscribe(std::string_view filter) {
  return subscription_reaches_core(filter) || contains(quiet_filters, filter);
}

bool subscription_reaches_core(std::string_view filter) {
  return contains(core_filters, filter);
}

}  // namespace stresskit::sandbox
