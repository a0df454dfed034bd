#include "provision/log_in.hpp"

#include "stresskit/support/error.hpp"

#include <fmt/format.h>

namespace stresskit::provision {

using support::Error;
using support::ExitCode;

void log_in(thingsboard::Client& client, thingsboard::Retry& retry,
            const thingsboard::Session& session) {
  if (const auto answer = retry([&] { return client.log_in(); }); !answer) {
    fail_with(answer.error(), session.server());
  }
  const std::string authority = session.authority();
  // Tokens of an unknown form say nothing: then the first call decides.
  if (!authority.empty() && authority != thingsboard::tenant_administrator) {
    throw Error(ExitCode::unreachable,
                fmt::format("\"{}\" is logged in to {} as {}; devices are made and deleted by a "
                            "tenant administrator: set TB_USERNAME and TB_PASSWORD to one",
                            session.server().username, session.server().url, authority));
  }
}

void fail_with(const thingsboard::ApiError& error, const config::ThingsBoard& server) {
  if (error.kind == thingsboard::ErrorKind::stopped) {
    throw Error(ExitCode::partial, "stopped before anything was done");
  }
  const bool answered = error.kind == thingsboard::ErrorKind::server_error ||
                        error.kind == thingsboard::ErrorKind::rejected ||
                        error.kind == thingsboard::ErrorKind::bad_answer;
  throw Error(answered ? ExitCode::failed : ExitCode::unreachable,
              thingsboard::explain(error, server));
}

}  // namespace stresskit::provision
