#pragma once

#include "dashboard/answer.hpp"
#include "dashboard/http_loop.hpp"

#include <functional>
#include <memory>
#include <string_view>

namespace stresskit::dashboard {

/// Between the bytes of HTTP and the site: reads a request's head, writes the answer with the
/// headers that every answer carries. No sockets here.
class HttpCodec {
 public:
  explicit HttpCodec(std::function<Answer(const Request&)> site);
  ~HttpCodec();

  /// Always an answer, whatever the bytes are; one that cannot be read is answered with 400.
  [[nodiscard]] Reply answer(std::string_view head);

 private:
  class Engine;
  std::unique_ptr<Engine> engine_;
};

}  // namespace stresskit::dashboard
