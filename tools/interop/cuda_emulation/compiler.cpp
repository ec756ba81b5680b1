// NVRTC for emulated warps: g++ makes a shared library of CUDA source over emulation.h, in which each kernel NAME has a
// function launch_NAME that runs it for all blocks of a grid. The headers lie beside this library (build_device.sh).
#include <dlfcn.h>

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <regex>
#include <string>

namespace {

constexpr int COMPILATION = 6;

struct Program {
    std::string source, code, log;
};

std::string read(const std::filesystem::path &file) {
    std::ifstream in(file, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
}

// What C++ cannot say as it stands: shared memory that is sized when a kernel is launched, and kernels' arguments as
// addresses.
std::string asLibrary(const std::string &source) {
    static const std::regex shared(R"(extern __shared__ (?:__align__\(\d+\) )?([a-z ]+) shared\[\];)");
    static const std::regex kernel(R"re(extern "C" __global__ void\s+(?:__launch_bounds__\([^)]*\)\s+)?(\w+)\()re");
    std::string text = "#include \"launches.h\"\n" +
                       std::regex_replace(source, shared, "$1 *shared = ($1 *)sharedMemory.data();");
    for (std::sregex_iterator k(source.begin(), source.end(), kernel), end; k != end; ++k) {
        text += "LAUNCH(" + (*k)[1].str() + ")\n";
    }
    return text;
}

int run(const std::filesystem::path &folder, const std::string &options) {
    Dl_info here;
    dladdr((void *)run, &here);
    std::string headers = std::filesystem::absolute(here.dli_fname).parent_path();
    return std::system(("cd '" + folder.string() + "' && g++ " FLAGS " -shared -I'" + headers + "'" + options +
                        " kernels.cpp -o library >log 2>&1")
                           .c_str());
}

void give(const std::string &bytes, char *to) {
    std::memcpy(to, bytes.c_str(), bytes.size());
}

} // namespace

extern "C" {

int nvrtcVersion(int *major, int *minor) {
    *major = *minor = 0;
    return 0;
}

int nvrtcCreateProgram(Program **program, const char *source, const char *, int, const char **, const char **) {
    *program = new Program{source, {}, {}};
    return 0;
}

int nvrtcDestroyProgram(Program **program) {
    delete *program;
    return 0;
}

int nvrtcCompileProgram(Program *program, int count, const char **options) {
    char name[] = "/tmp/emulation.XXXXXX";
    if (!mkdtemp(name)) {
        return COMPILATION;
    }
    std::filesystem::path folder = name;
    std::ofstream(folder / "kernels.cpp") << asLibrary(program->source);
    std::string macros;
    for (int i = 0; i < count; i++) {
        macros += std::strncmp(options[i], "-D", 2) == 0 ? std::string(" ") + options[i] : "";
    }
    int code = run(folder, macros);
    program->log = read(folder / "log") + '\0';
    program->code = read(folder / "library");
    std::filesystem::remove_all(folder);
    return code == 0 ? 0 : COMPILATION;
}

int nvrtcGetProgramLogSize(Program *program, size_t *bytes) {
    *bytes = program->log.size();
    return 0;
}

int nvrtcGetProgramLog(Program *program, char *log) {
    give(program->log, log);
    return 0;
}

int nvrtcGetCUBINSize(Program *program, size_t *bytes) {
    *bytes = program->code.size();
    return 0;
}

int nvrtcGetCUBIN(Program *program, char *code) {
    give(program->code, code);
    return 0;
}

const char *nvrtcGetErrorString(int) {
    return "the compiler failed";
}
}
