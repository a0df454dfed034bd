// Writes what an installed kit brings along for shells: manual pages and completions of every
// program, below the folder that is named. Part of the build; not installed itself.
#include "stresskit/config/manuals.hpp"
#include "stresskit/support/error.hpp"
#include "stresskit/support/files.hpp"
#include "stresskit/support/run_app.hpp"
#include "stresskit/support/version.hpp"

#include <fmt/format.h>

#include <filesystem>

using namespace stresskit;

namespace {

void write(const std::filesystem::path& path, const std::string& text) {
  std::filesystem::create_directories(path.parent_path());
  if (const auto written = support::replace_file(path, text); !written) {
    throw support::Error(support::ExitCode::failed, written.error());
  }
}

}  // namespace

int main(int argc, char** argv) {
  return support::run_app("write_manuals", [&](std::stop_token) {
    if (argc != 2) {
      throw support::Error(support::ExitCode::usage, "usage: write_manuals FOLDER");
    }
    // Where Debian's shells look, below a prefix; for zsh that depends on the prefix.
    const std::filesystem::path share = argv[1];
    for (const config::Program program : config::all_programs) {
      const std::string name(config::to_string(program));
      const auto script = [&](config::Shell shell) { return config::completion(shell, program); };
      write(share / "man/man1" / (name + ".1"), config::man_page(program, support::version()));
      write(share / "bash-completion/completions" / name, script(config::Shell::bash));
      write(share / "zsh" / ("_" + name), script(config::Shell::zsh));
      write(share / "fish/vendor_completions.d" / (name + ".fish"), script(config::Shell::fish));
    }
    return support::ExitCode::done;
  });
}
