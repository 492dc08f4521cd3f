#pragma once
// Exports of closed alerts into alerts with what became of them, a chunk at a time (docs/history-import.md).
// Pure, apart from Options::now.
//
//   in    CSV with a header row, or JSON objects (an array, one after the other, a line each), in pieces
//   out   closed alerts; a rejection, with line and column, for each that cannot be read; how many were not
//         closed yet
//
// JSON in a vendor's own shape is read by its normaliser, everything else by the names of its columns.

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "ingest/file/file_chunks.h"
#include "ingest/file/file_shape.h"
#include "ingest/history/history_columns.h"
#include "ingest/ingest.h"

namespace tocsin::ingest {

struct ClosedAlert {
  model::Alert alert;                                   // occurred_at: when it came up
  model::Verdict verdict = model::Verdict::kUndecided;  // never that
  std::optional<Timestamp> closed_at;                   // not before occurred_at
  std::string closed_by;                                // who, as the export says; may be empty
  std::string reason;
  std::optional<double> minutes;  // that people spent on it
  std::size_t line = 0;           // of the file, from 1
};

struct HistoryRejection {
  std::size_t line = 0;  // of the file, from 1
  std::string column;    // at fault; empty: the row as a whole
  std::string reason;
  std::string fragment;  // the row as it came
};

struct HistoryChunk {
  std::vector<ClosedAlert> alerts;
  std::vector<HistoryRejection> rejections;
  std::map<std::string, std::size_t> unknown_verdicts;  // words that nobody told us the meaning of
  std::size_t undecided = 0;       // alerts without a verdict, or with one that says that nobody knows
  std::size_t items = 0;           // that were looked at
  std::size_t bytes = 0;           // of them
  std::uint64_t content_hash = 0;  // the same bytes give the same chunks and hashes
};

class HistoryReader {
 public:
  static constexpr std::size_t kMaxWord = 80;  // of an unknown verdict, in bytes

  // `head`: at least the first kHeadBytes of the file, or all of it. `source`: a normaliser's name, or
  // "auto". `options` outlive this. kNotFound for an unknown source; kUnsupported for a format that is no
  // text; kInvalidInput when no column says what is needed.
  static Result<HistoryReader> create(std::string_view head, std::string_view source, const Options& options);

  void feed(std::string_view bytes) { chunks_.feed(bytes); }
  void finish() { chunks_.finish(); }
  // True when a chunk is full, or the file is at its end and something is left. False: feed more.
  bool next(HistoryChunk& chunk);

 private:
  HistoryReader(FileKind kind, char delimiter, std::string source, const Options& options)
      : kind_(kind), delimiter_(delimiter), source_(std::move(source)), options_(&options), chunks_(kind) {}
  void read(const FileItem& item);
  void read_row(const FileItem& item);
  void read_json(const FileItem& item);
  void take(const HistoryRow& row, Result<Normalised> read, const FileItem& item, bool is_flat);
  void take_alert(const HistoryRow& row, model::Alert alert, const FileItem& item, bool is_flat);
  std::optional<model::Verdict> verdict_of(const HistoryRow& row, const model::Alert& alert,
                                           const FileItem& item);
  void reject(const FileItem& item, std::string column, std::string reason);

  FileKind kind_;
  char delimiter_;
  std::string source_;
  const Options* options_;
  FileChunks<HistoryChunk> chunks_;
  std::vector<std::string> columns_;
};

}  // namespace tocsin::ingest
