#include "sandbox/rest_call.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <charconv>

namespace stresskit::sandbox {

using nlohmann::json;

std::optional<std::string> RestCall::parameter(const std::string& name) const {
  const auto found = query.find(name);
  return found == query.end() ? std::nullopt : std::optional(found->second);
}

std::string RestCall::parameter_or(const std::string& name, std::string fallback) const {
  return parameter(name).value_or(std::move(fallback));
}

bool RestCall::flag(const std::string& name, bool fallback) const {
  const auto value = parameter(name);
  return value && !value->empty() ? *value == "true" : fallback;
}

json json_body(const RestCall& call, const std::string& signature) {
  // The order of the platform: a body without a type is looked for before it is looked at.
  if (call.body.empty()) {
    throw Refusal(500, code_general, "Required request body is missing: " + signature);
  }
  if (!call.content_type.starts_with("application/json")) {
    const std::string charset =
        call.content_type.find("charset") == std::string::npos ? ";charset=UTF-8" : "";
    throw Refusal(500, code_general,
                  fmt::format("Content-Type '{}{}' is not supported", call.content_type, charset));
  }
  json body = json::parse(call.body, nullptr, false);
  if (body.is_discarded()) {
    throw Refusal(500, code_general,
                  "JSON parse error: Unexpected end-of-input within/between Object entries");
  }
  return body;
}

std::int64_t require_number(const std::string& name, const std::string& text,
                            const std::string& java_type) {
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) {
    throw bad_request(
        fmt::format("Method parameter '{}': Failed to convert value of type 'java.lang.String' to "
                    "required type '{}'; For input string: \"{}\"",
                    name, java_type, text));
  }
  return value;
}

PageQuery page_query(const RestCall& call) {
  const auto number = [&](const std::string& name) {
    const auto text = call.parameter(name);
    if (!text) {
      throw Refusal(500, code_general,
                    fmt::format("Required request parameter '{}' for method parameter type int is "
                                "not present",
                                name));
    }
    return require_number(name, *text, "int");
  };
  const std::int64_t page_size = number("pageSize");
  const std::int64_t page = number("page");
  if (page_size < 1) {
    throw bad_request(fmt::format(
        "Incorrect page link page size '{}'. Page size must be greater than zero.", page_size));
  }
  if (page < 0) {
    throw bad_request(
        fmt::format("Incorrect page link page '{}'. Page must be positive integer.", page));
  }
  return {static_cast<std::size_t>(page_size), static_cast<std::size_t>(page),
          call.parameter_or("textSearch", ""), call.parameter_or("sortProperty", ""),
          call.parameter_or("sortOrder", "ASC") == "DESC"};
}

std::string require_uuid(const std::string& text) {
  if (!is_uuid(text)) throw bad_request("Invalid UUID string: " + text);
  return text;
}

json entity_id(const std::string& type, const std::string& id) {
  return {{"entityType", type}, {"id", id}};
}

std::optional<std::string> read_entity_id(const json& body, const std::string& name) {
  const auto found = body.find(name);
  if (found == body.end() || found->is_null()) return std::nullopt;
  if (!found->is_object() || !found->contains("id") || !found->contains("entityType") ||
      !found->at("id").is_string()) {
    throw Refusal(500, code_general, "I/O error while reading input message");
  }
  return require_uuid(found->at("id").get<std::string>());
}

}  // namespace stresskit::sandbox
