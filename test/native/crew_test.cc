// Many jobs at once on the crew's threads, mainly for the thread sanitizer.
#include <gtest/gtest.h>

#include <atomic>
#include <latch>
#include <thread>
#include <vector>

#include "../../native/host/crew.h"
#include "../../native/jobs/job.h"
#include "memory_file.h"

using namespace memscan;

namespace {

template <class Body>
void inThreads(int count, const Body& body) {
  std::vector<std::jthread> threads;
  for (int i = 0; i < count; i++) threads.emplace_back(body);
}

TEST(Crew, RunsEveryTaskOnceWhoeverAddsIt) {
  constexpr int kAdders = 4, kTasks = 2000;
  std::atomic<int> run = 0;
  std::latch done(kAdders * kTasks);
  inThreads(kAdders, [&] {
    for (int i = 0; i < kTasks; i++) {
      Crew::instance().add([&] {
        run++;
        done.count_down();
      });
    }
  });
  done.wait();
  EXPECT_EQ(run, kAdders * kTasks);
}

// Chunks with equal bytes, each with strings of its own.
class Jobs : public testing::Test {
 protected:
  static constexpr uint64_t kChunk = 4096;
  static constexpr int kChunks = 64;

  Jobs() {
    for (int i = 0; i < kChunks; i++) chunks_.push_back({{{i * kChunk, (i + 1) * kChunk}}, 0, 0});
  }

  /// Returns the number of strings in each chunk that was scanned.
  std::vector<uint64_t> run(const Scan& scan) const {
    std::vector<uint64_t> strings;
    for (const ChunkResult& result : runJob(scan, source_, chunks_, {}, UINT64_MAX)) strings.push_back(result.strings);
    return strings;
  }

  /// Bytes with kChunk / 64 strings in each chunk.
  static std::vector<uint8_t> bytes() {
    std::vector<uint8_t> bytes(kChunks * kChunk);
    for (size_t i = 0; i < bytes.size(); i++) bytes[i] = i % 64 < 20 ? 'a' : 0;
    return bytes;
  }

  const MemoryFile file_{bytes()};
  const FileSource source_{file_.fd};
  std::vector<Chunk> chunks_;
};

TEST_F(Jobs, OfOneScanFindTheSameOnAllThreads) {
  constexpr int kJobs = 16;
  const Scan scan = {supportedKernels().front(), {Encoding::utf8, 10, {}, false}, Scan::Output::records};
  std::vector<std::vector<uint64_t>> results(kJobs);
  std::latch done(kJobs);
  for (auto& result : results) {
    Crew::instance().add([&] {
      result = run(scan);
      done.count_down();
    });
  }
  done.wait();
  for (const auto& result : results) EXPECT_EQ(result, std::vector<uint64_t>(kChunks, kChunk / 64));
}

TEST_F(Jobs, EndBetweenChunksWhenTheScanIsCancelled) {
  constexpr int kRounds = 50, kJobs = 8;
  for (int round = 0; round < kRounds; round++) {
    Scan scan = {supportedKernels().front(), {Encoding::ascii, 10, {}, false}, Scan::Output::count};
    std::vector<std::vector<uint64_t>> results(kJobs);
    std::latch begun(round % kJobs), done(kJobs);
    for (int i = 0; i < kJobs; i++) {
      Crew::instance().add([&, i] {
        if (i < round % kJobs) begun.count_down();
        results[i] = run(scan);
        done.count_down();
      });
    }
    begun.wait();
    scan.cancelled = true;
    done.wait();
    for (const auto& result : results) {
      EXPECT_LE(result.size(), size_t{kChunks});
      EXPECT_EQ(result, std::vector<uint64_t>(result.size(), kChunk / 64));
    }
  }
}

}  // namespace
