#pragma once

#include "sandbox/rest_call.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace stresskit::sandbox {

/// Who may call a route.
enum class Access {
  open,       ///< no token needed
  any_user,   ///< any valid token
  tenant,     ///< TENANT_ADMIN
  users,      ///< TENANT_ADMIN or CUSTOMER_USER
  admins,     ///< TENANT_ADMIN or SYS_ADMIN
  sys_admin,  ///< SYS_ADMIN
};

/// From a method and a path to the handler, as the platform's servlet does it.
class Router {
 public:
  /// `pattern`: "/api/device/{}", where `{}` stands for one segment. Of several fitting patterns
  /// the one registered first wins.
  void add(std::string method, std::string_view pattern, Access access, RestHandler handler);

  struct Route {
    std::string method;
    std::vector<std::string> segments;
    Access access;
    RestHandler handler;
  };
  struct Match {
    const Route* route = nullptr;     ///< null: none fits
    std::vector<std::string> values;  ///< what stood for the `{}`
    std::string allowed;              ///< methods the path would take, "GET,POST"
  };
  [[nodiscard]] Match find(std::string_view method, std::string_view path) const;

 private:
  std::vector<Route> routes_;
};

}  // namespace stresskit::sandbox
