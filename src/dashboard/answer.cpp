#include "dashboard/answer.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <functional>
#include <zlib.h>

namespace stresskit::dashboard {
namespace {

/// Below this the headers outweigh what is saved.
constexpr std::size_t worth_packing = 600;

/// Empty when zlib cannot.
std::string gzip(const std::string& body) {
  z_stream stream{};
  constexpr int with_gzip_header = 15 + 16;
  constexpr int level = 5;
  if (::deflateInit2(&stream, level, Z_DEFLATED, with_gzip_header, 8, Z_DEFAULT_STRATEGY) != Z_OK) {
    return {};
  }
  std::string packed(::deflateBound(&stream, body.size()), '\0');
  // zlib's interface takes unsigned bytes, and promises not to write to its input.
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(body.data()));
  stream.avail_in = static_cast<uInt>(body.size());
  stream.next_out = reinterpret_cast<Bytef*>(packed.data());
  stream.avail_out = static_cast<uInt>(packed.size());
  const bool done = ::deflate(&stream, Z_FINISH) == Z_STREAM_END;
  packed.resize(done ? stream.total_out : 0);
  ::deflateEnd(&stream);
  return packed;
}

}  // namespace

Answer json_answer(const nlohmann::json& document) {
  // A hostile name may hold bytes that are no UTF-8: they are replaced, never an exception.
  return {.type = std::string(json_type),
          .body = document.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace) + "\n"};
}

Answer error_answer(int status, std::string_view sentence) {
  Answer answer = json_answer({{"error", sentence}});
  answer.status = status;
  return answer;
}

std::string tag_of(const std::string& text) {
  return fmt::format("{:x}", std::hash<std::string>{}(text));
}

void pack(Answer& answer) {
  if (answer.body.size() >= worth_packing) {
    answer.packed = gzip(answer.body);
  }
}

}  // namespace stresskit::dashboard
