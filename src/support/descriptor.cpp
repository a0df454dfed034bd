#include "stresskit/support/descriptor.hpp"

#include <cerrno>

namespace stresskit::support {

Descriptor::~Descriptor() {
  if (value_ >= 0) {
    const int reason = errno;
    ::close(value_);
    errno = reason;
  }
}

}  // namespace stresskit::support
