// SPDX-License-Identifier: GPL-3.0-or-later
import { parseAbi } from 'viem';
import { STRUCTS } from './structs.ts';

/** Of the example: `MintBridge`. */
export const mintBridgeAbi = parseAbi([
  ...STRUCTS,
  'function LOCAL_CHAIN_KEY() external view returns (bytes31)',
  'function LOCK_BOX() external view returns (address)',
  'function MAX_AGE() external view returns (uint64)',
  'function MIN_AGE() external view returns (uint64)',
  'function READER() external view returns (address)',
  'function SOURCE_CHAIN_KEY() external view returns (bytes31)',
  'function SOURCE_TOKEN() external view returns (address)',
  'function allowance(address owner, address spender) external view returns (uint256)',
  'function approve(address spender, uint256 value) external returns (bool)',
  'function balanceOf(address account) external view returns (uint256)',
  'function decimals() external view returns (uint8)',
  'function mint(uint256 nonce, uint256 amount, address recipient, Checkpoint checkpoint, bytes[] accountProof, bytes[] storageProof) external',
  'function minted(uint256 nonce) external view returns (bool)',
  'function name() external view returns (string)',
  'function symbol() external view returns (string)',
  'function totalSupply() external view returns (uint256)',
  'function transfer(address to, uint256 value) external returns (bool)',
  'function transferFrom(address from, address to, uint256 value) external returns (bool)',
  'event Approval(address indexed owner, address indexed spender, uint256 value)',
  'event Minted(uint256 indexed nonce, address indexed recipient, uint256 amount, uint64 height)',
  'event Transfer(address indexed from, address indexed to, uint256 value)',
  'error AlreadyMinted(uint256 nonce)',
  'error ERC20InsufficientAllowance(address spender, uint256 allowance, uint256 needed)',
  'error ERC20InsufficientBalance(address sender, uint256 balance, uint256 needed)',
  'error ERC20InvalidApprover(address approver)',
  'error ERC20InvalidReceiver(address receiver)',
  'error ERC20InvalidSender(address sender)',
  'error ERC20InvalidSpender(address spender)',
  'error LockAbsent(uint256 nonce)',
  'error LockMismatch(bytes32 expected, bytes32 actual)',
  'error WrongSourceChain(bytes31 expected, bytes31 actual)',
]);
