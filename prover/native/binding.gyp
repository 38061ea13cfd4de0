# SPDX-License-Identifier: GPL-3.0-or-later
# One addon for each instruction set, all from the same sources, and one that asks the processor what it has:
# circuits/native/load.ts chooses by it.
{
  'target_defaults': {
    'include_dirs': ['src'],
    'defines': ['NAPI_VERSION=8'],
    'cflags!': ['-fno-omit-frame-pointer'],
    'cflags_cc!': ['-fno-exceptions', '-fno-rtti', '-std=gnu++17'],
    'cflags_cc': ['-std=gnu++20', '-fexceptions', '-fomit-frame-pointer', '-fvisibility=hidden', '-Wall', '-Wextra', '-Wno-restrict'],
    'ldflags': ['-pthread'],
    'xcode_settings': {
      'CLANG_CXX_LANGUAGE_STANDARD': 'gnu++20',
      'GCC_ENABLE_CPP_EXCEPTIONS': 'YES',
      'GCC_OPTIMIZATION_LEVEL': '3',
      'GCC_SYMBOLS_PRIVATE_EXTERN': 'YES',
    },
  },
  'targets': [
    { 'target_name': 'cpu', 'sources': ['cpu_module.cpp', 'src/cpu/features.cpp', 'src/addon/napi.cpp'] },
    { 'target_name': 'portable', 'sources': ['<!@(node list-sources.mjs)'] },
  ],
  'conditions': [
    ['target_arch=="x64"', {
      'targets': [
        {
          'target_name': 'adx',
          'sources': ['<!@(node list-sources.mjs)'],
          'defines': ['PHALANX_ADX'],
          'cflags_cc': ['-march=x86-64-v3', '-madx', '-mbmi2'],
          'xcode_settings': { 'OTHER_CPLUSPLUSFLAGS': ['-march=x86-64-v3', '-madx', '-mbmi2'] },
        },
        {
          'target_name': 'ifma',
          'sources': ['<!@(node list-sources.mjs)'],
          'defines': ['PHALANX_IFMA'],
          'cflags_cc': ['-march=icelake-server'],
          'xcode_settings': { 'OTHER_CPLUSPLUSFLAGS': ['-march=icelake-server'] },
        },
      ],
    }],
  ],
}
