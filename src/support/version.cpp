#include "stresskit/support/version.hpp"

namespace stresskit::support {

std::string_view version() {
  return STRESSKIT_VERSION;
}

}  // namespace stresskit::support
