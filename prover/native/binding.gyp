# SPDX-License-Identifier: GPL-3.0-or-later
# One addon for each instruction set, all from the same sources: circuits/native/load.ts chooses by the processor.
{
  'target_defaults': {
    'sources': ['<!@(node list-sources.mjs)'],
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
    { 'target_name': 'portable' },
  ],
  'conditions': [
    ['target_arch=="x64"', {
      'targets': [
        {
          'target_name': 'adx',
          'defines': ['PHALANX_ADX'],
          'cflags_cc': ['-march=x86-64-v3', '-madx', '-mbmi2'],
          'xcode_settings': { 'OTHER_CPLUSPLUSFLAGS': ['-march=x86-64-v3', '-madx', '-mbmi2'] },
        },
        {
          'target_name': 'ifma',
          'defines': ['PHALANX_IFMA'],
          'cflags_cc': ['-march=icelake-server'],
          'xcode_settings': { 'OTHER_CPLUSPLUSFLAGS': ['-march=icelake-server'] },
        },
      ],
    }],
  ],
}
