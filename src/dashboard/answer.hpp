#pragma once

#include <nlohmann/json_fwd.hpp>

#include <map>
#include <string>
#include <string_view>

namespace stresskit::dashboard {

/// What a client asks for. `path` and the values are decoded and may hold any byte.
struct Request {
  std::string method = "GET";
  std::string path{};
  std::map<std::string, std::string> query{};
  std::string if_none_match{};
  std::string accept{};         ///< media types, as the client wrote them
  std::string authorization{};  ///< the header, as the client wrote it
};

struct Answer {
  int status = 200;
  std::string type{};  ///< media type; empty: no body
  std::string body{};
  std::string packed{};       ///< the body gzipped, for clients that take it; empty: not worth it
  std::string tag{};          ///< ETag without its quotes; empty: none
  bool changes_often = true;  ///< data is never stored; files are kept and asked about again
  double now = 0;             ///< unix seconds by the server's clock; 0: not said
  bool is_report = false;     ///< a page of its own, with its styles inside
};

inline constexpr std::string_view json_type = "application/json";

[[nodiscard]] Answer json_answer(const nlohmann::json& document);

/// A failure as JSON: {"error": "..."}.
[[nodiscard]] Answer error_answer(int status, std::string_view sentence);

/// A tag for an answer that is made from this text alone.
[[nodiscard]] std::string tag_of(const std::string& text);

/// Fills `packed` when the body is worth it.
void pack(Answer& answer);

}  // namespace stresskit::dashboard
