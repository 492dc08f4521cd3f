#include "http/assets.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "base/testing/temp_dir.h"
#include "http/gzip.h"

namespace tocsin::http {
namespace {

namespace fs = std::filesystem;
using testing::Contains;

void append_number(std::string& out, std::uint64_t value, int width) {
  for (int i = 0; i < width; ++i, value >>= 8) out += static_cast<char>(value & 0xFF);
}

void append_text(std::string& out, std::string_view text) {
  append_number(out, text.size(), 2);
  out += text;
}

struct Slice {
  std::uint64_t offset;
  std::uint64_t size;
};

std::string archive(const std::vector<std::string>& paths, Slice plain, Slice zipped) {
  std::string out = "TOCPACK1";
  append_number(out, paths.size(), 4);
  for (const auto& path : paths) {
    append_text(out, path);
    append_text(out, "text/html");
    append_text(out, "e1");
    append_number(out, 0, 1);
    for (const auto value : {plain.offset, plain.size, zipped.offset, zipped.size})
      append_number(out, value, 8);
  }
  return out;
}

TEST(StaticFiles, OpensAHandMadeArchive) {
  const auto bytes = archive({"/a.html", "/b.html"}, {0, 8}, {0, 0});
  const auto files = StaticFiles::open(bytes);
  ASSERT_TRUE(files);
  EXPECT_EQ(files->size(), 2U);
  ASSERT_NE(files->find("/b.html"), nullptr);
  EXPECT_EQ(files->find("/b.html")->bytes, "TOCPACK1");
  EXPECT_EQ(files->find("/c.html"), nullptr);
}

TEST(StaticFiles, RefusesCorruptArchives) {
  constexpr auto kMax = ~std::uint64_t{0};
  const auto good = archive({"/a.html"}, {0, 8}, {0, 0});
  for (std::size_t size = 0; size < good.size(); ++size) {
    EXPECT_FALSE(StaticFiles::open(std::string_view(good).substr(0, size))) << size;
  }
  for (const auto slice :
       {Slice{good.size(), 1}, Slice{kMax, 1}, Slice{1, kMax}, Slice{kMax, kMax}, Slice{0, kMax}}) {
    EXPECT_FALSE(StaticFiles::open(archive({"/a.html"}, slice, {0, 0})));
    EXPECT_FALSE(StaticFiles::open(archive({"/a.html"}, {0, 0}, slice)));
  }
  EXPECT_FALSE(StaticFiles::open(archive({"/a", "/a"}, {0, 0}, {0, 0}))) << "a path twice";
  EXPECT_FALSE(StaticFiles::open(archive({"a"}, {0, 0}, {0, 0}))) << "a path without slash";
  std::string endless = "TOCPACK1\xff\xff\xff\xff";
  EXPECT_FALSE(StaticFiles::open(endless));
}

// Packs a folder with the real script and removes both afterwards.
class PackedFolder {
 public:
  PackedFolder() {
    fs::create_directories(root_ / "dist/assets");
    write("dist/index.html", "<html>" + std::string(5'000, 'x') + "</html>");
    write("dist/assets/index-BxyZ12ab.js", "let a = 1;" + std::string(5'000, ' '));
    write("dist/assets/logo.svg", "<svg/>");
    write("dist/empty.txt", "");
  }

  std::string pack(const std::string& name) {
    const auto script = fs::path(TOCSIN_SOURCE_DIR) / "tools/pack_assets.mjs";
    const auto output = root_ / name;
    const auto command = "node '" + script.string() + "' '" + (root_ / "dist").string() + "' '" +
                         output.string() + "' > /dev/null";
    if (std::system(command.c_str()) != 0) return {};
    std::ifstream file(output, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
  }

 private:
  void write(const std::string& name, const std::string& text) { std::ofstream(root_ / name) << text; }

  const test::TempDir folder_;
  const fs::path& root_ = folder_.path();
};

class PackedAssets : public testing::Test {
 protected:
  void SetUp() override {
    if (std::system("node --version > /dev/null 2>&1") != 0)
      GTEST_SKIP() << "node is not installed: nothing packed";
    bytes_ = folder_.pack("one.pack");
    auto files = StaticFiles::open(bytes_);
    ASSERT_TRUE(files) << to_string(files.error());
    files_ = *std::move(files);
  }

  static Request request(std::vector<Header> headers) {
    Request out;
    out.headers = std::move(headers);
    return out;
  }

  PackedFolder folder_;
  std::string bytes_;
  StaticFiles files_;
};

TEST_F(PackedAssets, HoldWhatTheFolderHeld) {
  EXPECT_EQ(files_.size(), 4U);
  const auto* index = files_.find("/index.html");
  ASSERT_NE(index, nullptr);
  EXPECT_EQ(index->content_type, "text/html; charset=utf-8");
  EXPECT_EQ(index->bytes.size(), 5'013U);
  EXPECT_EQ(gunzip(index->gzip_bytes, 10'000).ok() ? *gunzip(index->gzip_bytes, 10'000) : "", index->bytes);
  EXPECT_TRUE(files_.find("/assets/logo.svg")->gzip_bytes.empty()) << "gzip would be larger";
  EXPECT_TRUE(files_.find("/empty.txt")->bytes.empty());
}

TEST_F(PackedAssets, SameFolderSameBytes) {
  EXPECT_EQ(folder_.pack("two.pack"), bytes_);
}

TEST_F(PackedAssets, HashedNamesAreCachedForEverAndTheIndexNever) {
  const auto script = serve_asset(*files_.find("/assets/index-BxyZ12ab.js"), request({}));
  EXPECT_THAT(script.headers, Contains(Header("Cache-Control", "public, max-age=31536000, immutable")));
  const auto index = serve_asset(*files_.find("/index.html"), request({}));
  EXPECT_THAT(index.headers, Contains(Header("Cache-Control", "no-cache")));
  EXPECT_FALSE(files_.find("/assets/logo.svg")->immutable);
}

TEST_F(PackedAssets, GzipBytesGoToClientsThatTakeThem) {
  const auto* index = files_.find("/index.html");
  const auto zipped = serve_asset(*index, request({{"Accept-Encoding", "gzip, br"}}));
  EXPECT_THAT(zipped.headers, Contains(Header("Content-Encoding", "gzip")));
  EXPECT_EQ(zipped.static_body, index->gzip_bytes);
  const auto plain = serve_asset(*index, request({}));
  EXPECT_EQ(plain.static_body, index->bytes);
  EXPECT_THAT(plain.headers, Contains(Header("Vary", "Accept-Encoding")));
}

TEST_F(PackedAssets, AKnownTagIsAnsweredNotModified) {
  const auto* index = files_.find("/index.html");
  const auto first = serve_asset(*index, request({}));
  const auto tag = first.headers.front().second;
  for (const auto& known : {tag, "\"other\", " + tag, std::string("*")}) {
    const auto again = serve_asset(*index, request({{"If-None-Match", known}}));
    EXPECT_EQ(again.status, 304) << known;
    EXPECT_TRUE(again.static_body.empty());
  }
  EXPECT_EQ(serve_asset(*index, request({{"If-None-Match", "\"other\""}})).status, 200);
}

}  // namespace
}  // namespace tocsin::http
