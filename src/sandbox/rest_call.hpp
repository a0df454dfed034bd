#pragma once

#include "sandbox/accounts.hpp"
#include "sandbox/answer.hpp"
#include "sandbox/paging.hpp"

#include <nlohmann/json_fwd.hpp>

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace stresskit::sandbox {

/// A request as the endpoints see it.
struct RestCall {
  std::string method;
  std::string path;
  std::multimap<std::string, std::string> query;
  std::string content_type;
  std::string accept;  ///< as sent; empty: whatever comes
  std::string authorization;
  std::string x_authorization;
  std::string host;
  std::string body;
  std::vector<std::string> path_values;  ///< what stood for the `{}` of the route
  std::optional<Caller> caller;          ///< set for every route that needs a token

  [[nodiscard]] std::optional<std::string> parameter(const std::string& name) const;
  [[nodiscard]] std::string parameter_or(const std::string& name, std::string fallback) const;
  [[nodiscard]] bool flag(const std::string& name, bool fallback) const;
};

using RestHandler = std::function<Answer(const RestCall&)>;

/// The JSON body of a controller's request. `signature` is what the platform names when there is
/// no body. Refuses with 500, as the platform does: its catch-all comes before Spring's 400 and
/// 415.
[[nodiscard]] nlohmann::json json_body(const RestCall& call, const std::string& signature);

/// `pageSize`, `page` and the rest of a list's parameters, refused as the platform refuses them.
[[nodiscard]] PageQuery page_query(const RestCall& call);

/// `text` when it is a UUID; otherwise 400 "Invalid UUID string: ...".
[[nodiscard]] std::string require_uuid(const std::string& text);

/// A whole-number parameter of type `java_type` ("int", "long"), or 400.
[[nodiscard]] std::int64_t require_number(const std::string& name, const std::string& text,
                                          const std::string& java_type);

/// `{"entityType": type, "id": id}`.
[[nodiscard]] nlohmann::json entity_id(const std::string& type, const std::string& id);

/// The id in `body[name]`, or nothing when it is absent or null; 500 without an entity type.
[[nodiscard]] std::optional<std::string> read_entity_id(const nlohmann::json& body,
                                                        const std::string& name);

}  // namespace stresskit::sandbox
