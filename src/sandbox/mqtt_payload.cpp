#include "sandbox/mqtt_payload.hpp"

#include "sandbox/mqtt_json.hpp"

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <optional>

namespace stresskit::sandbox {
namespace {

using Kind = JsonNode::Kind;
using Verdict = CheckedPayload::Verdict;

std::size_t count_points(const JsonNode& object) {
  return static_cast<std::size_t>(
      std::count_if(object.members.begin(), object.members.end(),
                    [](const JsonMember& member) { return member.value.kind != Kind::null; }));
}

/// Java's Long.parseLong.
bool is_java_long(std::string_view text) {
  if (text.starts_with('+')) {
    text.remove_prefix(1);
  }
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  return error == std::errc{} && end == text.data() + text.size();
}

/// Checks the `ts` of an element; a string of digits counts and becomes a number, as in Gson.
bool accept_ts(JsonNode& ts, bool& rewritten) {
  if (ts.kind == Kind::number) {
    return true;
  }
  if (ts.kind != Kind::string || !is_java_long(ts.text)) {
    return false;
  }
  if (ts.text.starts_with('+')) {
    ts.text.erase(0, 1);
  }
  ts.kind = Kind::number;
  rewritten = true;
  return true;
}

Verdict check_element(JsonNode& element, std::size_t& data_points, bool& rewritten) {
  if (element.kind != Kind::object) {
    return Verdict::invalid;
  }
  JsonNode* ts = element.member("ts");
  const JsonNode* values = element.member("values");
  if (ts == nullptr || values == nullptr) {
    data_points += count_points(element);
    return Verdict::good;
  }
  if (!accept_ts(*ts, rewritten)) {
    return Verdict::unexpected;
  }
  if (values->kind != Kind::object) {
    return Verdict::invalid;
  }
  data_points += count_points(*values);
  return Verdict::good;
}

std::optional<JsonDocument> parse(std::string_view payload) {
  return payload.empty() ? std::nullopt : parse_lenient_json(payload);
}

std::string strict_json(const JsonDocument& document, std::string_view payload, bool rewritten) {
  return document.strict && !rewritten ? std::string(payload) : write_json(document.root);
}

}  // namespace

CheckedPayload check_telemetry(std::string_view payload) {
  CheckedPayload result;
  auto document = parse(payload);
  if (!document) {
    return result;
  }
  JsonNode& root = document->root;
  bool rewritten = false;
  if (root.kind == Kind::array) {
    result.verdict = root.items.empty() ? Verdict::nothing : Verdict::good;
    for (JsonNode& element : root.items) {
      result.verdict = check_element(element, result.data_points, rewritten);
      if (result.verdict != Verdict::good) {
        break;
      }
    }
  } else {
    result.verdict = check_element(root, result.data_points, rewritten);
  }
  if (result.verdict == Verdict::good) {
    result.json = strict_json(*document, payload, rewritten);
  }
  return result;
}

CheckedPayload check_attributes(std::string_view payload) {
  CheckedPayload result;
  const auto document = parse(payload);
  if (!document || document->root.kind != Kind::object) {
    return result;
  }
  result.verdict = Verdict::good;
  result.data_points = count_points(document->root);
  result.json = strict_json(*document, payload, false);
  return result;
}

std::string rpc_method(std::string_view payload) {
  auto document = parse(payload);
  if (!document) {
    return {};
  }
  const JsonNode* method = document->root.member("method");
  return method != nullptr && method->kind == Kind::string ? method->text : std::string();
}

}  // namespace stresskit::sandbox
