// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {BatchVerifier} from "../../src/cometbft/BatchVerifier.sol";
import {Proof} from "../../src/interfaces/Types.sol";

/// A Groth16 key of three signals whose secrets are known, so that a test can prove any claim: alpha = 11, beta = 3,
/// gamma = 5, delta = 7 and IC = (13, 17, 19, 23), times the generators.
library TrapdoorKey {
    uint256 internal constant FR = 21888242871839275222246405745257275088548364400416034343698204186575808495617;

    function key() internal view returns (BatchVerifier.Key memory k) {
        k.alpha = point(11);
        k.beta = three();
        k.gamma = [
            [
                4540444681147253467785307942530223364530218361853237193970751657229138047649,
                20954117799226682825035885491234530437475518021362091509513177301640194298072
            ],
            [
                11631839690097995216017572651900167465857396346217730511548857041925508482915,
                uint256(21508930868448350162258892668132814424284302804699005394342512102884055673846)
            ]
        ];
        k.delta = [
            [
                18551411094430470096460536606940536822990217226529861227533666875800903099477,
                15512671280233143720612069991584289591749188907863576513414377951116606878472
            ],
            [
                1711576522631428957817575436337311654689480489843856945284031697403898093784,
                uint256(13376798835316611669264291046140500151806347092962367781523498857425536295743)
            ]
        ];
        k.ic = [point(13), point(17), point(19), point(23)];
    }

    /// Three times the generator of G2.
    function three() internal pure returns (uint256[2][2] memory) {
        return [
            [
                7273165102799931111715871471550377909735733521218303035754523677688038059653,
                2725019753478801796453339367788033689375851816420509565303521482350756874229
            ],
            [
                957874124722006818841961785324909313781880061366718538693995380805373202866,
                uint256(2512659008974376214222774206987427162027254181373325676825515531566330959255)
            ]
        ];
    }

    /// A valid proof of any signals, as random as `seed`: B is 3 and C any c, so
    /// A = (alpha beta + gamma L + delta c) / 3.
    function prove(uint256[3] memory s, uint256 seed) internal view returns (Proof memory p) {
        uint256 c = uint256(keccak256(abi.encode(seed))) % FR;
        uint256 l = 13;
        for (uint256 i = 0; i < 3; ++i) {
            l = addmod(l, mulmod([uint256(17), 19, 23][i], s[i], FR), FR);
        }
        uint256 e = addmod(33, addmod(mulmod(5, l, FR), mulmod(7, c, FR), FR), FR);
        uint256 third = (2 * FR + 1) / 3; // r is 1 modulo 3
        p.a = point(mulmod(e, third, FR));
        p.b = three();
        p.c = point(c);
    }

    /// k times the generator of G1.
    function point(uint256 k) internal view returns (uint256[2] memory r) {
        uint256[3] memory input = [uint256(1), 2, k];
        assembly ("memory-safe") {
            if iszero(staticcall(gas(), 7, input, 96, r, 64)) { revert(0, 0) }
        }
    }
}
