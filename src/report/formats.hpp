#pragma once

#include "stresskit/metrics/run_record.hpp"

#include <string>
#include <vector>

namespace stresskit::report {

struct Document {
  std::string name;  ///< of its file
  std::string text;
};

/// Throws support::Error(usage) when one of the formats is none of html, json, junit, csv,
/// markdown, hgrm and console.
void require_known(const std::vector<std::string>& formats);

/// What the run looks like in `format`; console has no document.
[[nodiscard]] std::vector<Document> documents(const std::string& format,
                                              const metrics::RunRecord& run);

/// Writes the documents and returns the paths: into `out` itself when it is one document and `out`
/// is no folder, else by their names into the folder `out`, or `fallback` when `out` is empty.
/// Throws support::Error(failed) when a file cannot be written.
std::vector<std::filesystem::path> write_documents(const std::vector<Document>& documents,
                                                   const std::filesystem::path& out,
                                                   const std::filesystem::path& fallback);

}  // namespace stresskit::report
