#include "contract/mqtt_transcript.hpp"

#include <nlohmann/json.hpp>

#include <cstdint>
#include <fstream>
#include <regex>
#include <stdexcept>

namespace stresskit::contract {
namespace {

using nlohmann::json;

std::string u16(std::size_t value) {
  return {static_cast<char>(value >> 8U), static_cast<char>(value & 0xFFU)};
}

std::string text(std::string_view value) {
  return u16(value.size()).append(value);
}

std::string packet(unsigned first, const std::string& body) {
  std::string out(1, static_cast<char>(first));
  std::size_t length = body.size();
  while (length > 127) {
    out.push_back(static_cast<char>(length % 128 + 128));
    length /= 128;
  }
  out.push_back(static_cast<char>(length));
  return out + body;
}

std::string from_hex(const std::string& hex) {
  std::string bytes;
  for (std::size_t i = 0; i < hex.size(); i += 2) {
    bytes.push_back(static_cast<char>(std::stoi(hex.substr(i, 2), nullptr, 16)));
  }
  return bytes;
}

std::optional<std::string> optional_text(const json& fields, const char* key) {
  return fields.contains(key) && fields[key].is_string()
             ? std::optional(fields[key].get<std::string>())
             : std::nullopt;
}

/// An empty property list where MQTT 5 wants one.
std::string properties(bool is_v5) {
  return is_v5 ? std::string(1, '\0') : std::string();
}

std::string connect_packet(const json& fields) {
  const std::string protocol = fields["protocol"];  // "MQTT/4"
  const std::size_t slash = protocol.find('/');
  const int level = std::stoi(protocol.substr(slash + 1));
  const auto user_name = optional_text(fields, "user_name");
  const auto password = optional_text(fields, "password");
  const unsigned flags =
      (fields["clean"].get<bool>() ? 2U : 0U) | (user_name ? 0x80U : 0U) | (password ? 0x40U : 0U);
  std::string body = text(protocol.substr(0, slash));
  body.push_back(static_cast<char>(level));
  body.push_back(static_cast<char>(flags));
  body += u16(fields["keep_alive"].get<std::size_t>()) + properties(level == 5);
  body += text(fields["client_id"].get<std::string>());
  if (user_name) {
    body += text(*user_name);
  }
  if (password) {
    body += text(*password);
  }
  return packet(0x10, body);
}

/// Big payloads are recorded by their size alone.
std::string payload(const json& fields) {
  std::string recorded = fields["payload"];
  std::smatch size;
  if (!std::regex_search(recorded, size, std::regex(R"( of (\d+) bytes$)"))) {
    return recorded;
  }
  const std::string front = R"({"big":")";
  const std::string back = R"("})";
  return front + std::string(std::stoul(size[1]) - front.size() - back.size(), 'x') + back;
}

std::string publish_packet(const json& fields, bool is_v5) {
  const auto qos = fields["qos"].get<unsigned>();
  std::string body = text(fields["topic"].get<std::string>());
  if (qos > 0) {
    body += u16(fields["packet_id"].get<std::size_t>());
  }
  body += properties(is_v5) + payload(fields);
  return packet(0x30U | qos << 1U, body);
}

std::string subscribe_packet(const json& fields, bool is_v5) {
  std::string body = u16(fields["packet_id"].get<std::size_t>()) + properties(is_v5);
  for (const json& topic : fields["topics"]) {
    body += text(topic[0].get<std::string>());
    body.push_back(static_cast<char>(topic[1].get<int>()));
  }
  return packet(0x82, body);
}

std::string sent_bytes(const json& fields, bool is_v5) {
  const std::string name = fields["packet"];
  if (name == "CONNECT") {
    return connect_packet(fields);
  }
  if (name == "PUBLISH") {
    return publish_packet(fields, is_v5);
  }
  if (name == "SUBSCRIBE") {
    return subscribe_packet(fields, is_v5);
  }
  if (name == "PUBREL") {
    return packet(0x62, u16(fields["packet_id"].get<std::size_t>()));
  }
  if (name == "PINGREQ") {
    return std::string(pingreq_bytes);
  }
  if (name == "DISCONNECT") {
    return packet(0xE0, "");
  }
  if (name == "raw bytes") {
    return "GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n";
  }
  throw std::runtime_error("a recorded packet nobody can build: " + name);
}

void check_length(const std::string& bytes, const json& fields) {
  if (!fields.contains("remaining_length")) {
    return;
  }
  const auto recorded = fields["remaining_length"].get<std::size_t>();
  const std::size_t header = recorded < 128 ? 2 : recorded < 16'384 ? 3 : 4;
  if (bytes.size() != header + recorded) {
    throw std::runtime_error("built a packet of " + std::to_string(bytes.size()) +
                             " bytes for a recorded remaining length of " +
                             std::to_string(recorded));
  }
}

TranscriptStep sent_step(json fields, bool is_v5) {
  const std::string name = fields["packet"];
  if (name == "CONNECT" && !fields.contains("protocol")) {  // recorded without its fields
    return {TranscriptStep::Kind::send, connect_bytes(is_v5 ? "5" : "3.1.1", "device"), name};
  }
  const std::string bytes = sent_bytes(fields, is_v5);
  check_length(bytes, fields);
  return {TranscriptStep::Kind::send, bytes, name};
}

TranscriptStep event_step(const json& event) {
  if (event.contains("connection")) {
    return {TranscriptStep::Kind::closed, {}, "closed"};
  }
  if (event.contains("REST")) {
    return {TranscriptStep::Kind::rest, {}, event["REST"]};
  }
  if (event.contains("note")) {
    return {TranscriptStep::Kind::note, {}, event["note"]};
  }
  return {TranscriptStep::Kind::silence, {}, "silence"};
}

TranscriptStep step(const json& entry, bool is_v5) {
  if (entry.contains("sent")) {
    return sent_step(entry["sent"], is_v5);
  }
  if (entry.contains("received")) {
    const json& fields = entry["received"];
    return {TranscriptStep::Kind::receive, from_hex(fields["hex"]), fields["packet"]};
  }
  return event_step(entry["event"]);
}

}  // namespace

Transcript read_transcript(const std::filesystem::path& file) {
  std::ifstream in(file);
  const json recorded = json::parse(in);
  Transcript transcript;
  transcript.name = recorded["case"];
  transcript.version = recorded["mqtt_version"];
  transcript.note = recorded.value("note", "");
  for (const json& entry : recorded["transcript"]) {
    if (entry.contains("sent") && entry["sent"]["packet"] == "CONNECT") {
      transcript.user_name = optional_text(entry["sent"], "user_name");
    }
    transcript.steps.push_back(step(entry, transcript.version == "5"));
  }
  return transcript;
}

std::string connect_bytes(std::string_view version, std::string_view user_name) {
  return connect_packet({{"protocol", version == "5" ? "MQTT/5" : "MQTT/4"},
                         {"client_id", "kit"},
                         {"user_name", user_name},
                         {"clean", true},
                         {"keep_alive", 60}});
}

std::string to_hex(std::string_view bytes) {
  constexpr std::string_view digits = "0123456789abcdef";
  std::string hex;
  for (const char c : bytes) {
    const auto byte = static_cast<std::uint8_t>(c);
    hex.push_back(digits[byte >> 4U]);
    hex.push_back(digits[byte & 0x0FU]);
  }
  return hex;
}

}  // namespace stresskit::contract
